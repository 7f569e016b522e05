// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"encoding/json"
	"net/http"
	"time"
)

// The token types of an exchange (RFC 8693).
const (
	grantTokenExchange   = "urn:ietf:params:oauth:grant-type:token-exchange"
	tokenTypeJWT         = "urn:ietf:params:oauth:token-type:jwt"
	tokenTypeID          = "urn:ietf:params:oauth:token-type:id_token"
	tokenTypeAccessToken = "urn:ietf:params:oauth:token-type:access_token"
)

var _ = registerHandlers("oauth/token", handwritten{
	Operations: Operations{Create: RouteExchangeToken},
	register:   func(s *Server) { s.handle(RouteExchangeToken, s.exchange) },
})

// A tokenExchange is the body of an exchange. OpenAI ignores other parameters, such as a
// scope. What it does with an Authorization header is undocumented: here it is ignored.
type tokenExchange struct {
	GrantType          string `json:"grant_type"`
	SubjectToken       string `json:"subject_token"`
	SubjectTokenType   string `json:"subject_token_type"`
	IdentityProviderID string `json:"identity_provider_id"`
	ServiceAccountID   string `json:"service_account_id"`
}

type accessTokenJSON struct {
	AccessToken     string `json:"access_token"`
	IssuedTokenType string `json:"issued_token_type"`
	TokenType       string `json:"token_type"`
	ExpiresIn       int64  `json:"expires_in"`
}

// An exchangeRefusal refuses an exchange. The client learns the code and the description,
// which do not tell it what is configured; the reason is for the log of exchanges. OpenAI
// documents that refusals have the form of OAuth, and not which codes and statuses.
type exchangeRefusal struct {
	status            int
	code, description string
	reason            string
}

func invalidExchange(code, description string) *exchangeRefusal {
	return &exchangeRefusal{status: http.StatusBadRequest, code: code, description: description, reason: description}
}

// unverified refuses a subject token. OpenAI documents "an authentication error".
func unverified(err error) *exchangeRefusal {
	return &exchangeRefusal{
		status: http.StatusUnauthorized, code: "invalid_grant",
		description: "The subject token could not be verified.", reason: err.Error(),
	}
}

// notAllowed refuses a subject token that may not act as the service account.
func notAllowed(err error) *exchangeRefusal {
	return &exchangeRefusal{
		status: http.StatusForbidden, code: "access_denied",
		description: "The subject token is not allowed to act as this service account.", reason: err.Error(),
	}
}

// apiError is the refusal in the form of OAuth.
func (r *exchangeRefusal) apiError() *apiError {
	return &apiError{status: r.status, raw: string(marshal(map[string]string{"error": r.code, "error_description": r.description}))}
}

// exchange answers a token exchange and logs it.
func (s *Server) exchange(c *apiCall) (any, *apiError) {
	e := Exchange{Time: c.now}
	token, refusal := s.exchangeToken(c, &e)
	e.Result = ExchangeOK
	if refusal != nil {
		e.Result, e.Reason = refusal.code, refusal.reason
	}
	s.exchanges = append(s.exchanges, e)
	if refusal != nil {
		return nil, refusal.apiError()
	}
	return token, nil
}

// exchangeToken verifies the subject token and issues an access token, and completes the
// entry of the log.
func (s *Server) exchangeToken(c *apiCall, e *Exchange) (accessTokenJSON, *exchangeRefusal) {
	in, refusal := readExchange(c.body)
	e.IdentityProviderID, e.ServiceAccountID = in.IdentityProviderID, in.ServiceAccountID
	if refusal != nil {
		return accessTokenJSON{}, refusal
	}
	org, provider, err := s.enabledProvider(in.IdentityProviderID)
	if err != nil {
		return accessTokenJSON{}, notAllowed(err)
	}
	keys, err := s.keysOf(c.http.Context(), provider, c.now)
	if err != nil {
		return accessTokenJSON{}, unverified(err)
	}
	token, err := readSubjectToken(in.SubjectToken)
	if err != nil {
		return accessTokenJSON{}, unverified(err)
	}
	e.KeyID = token.keyID
	claims, err := token.verify(keys)
	if err != nil {
		return accessTokenJSON{}, unverified(err)
	}
	e.Subject, _ = claims["sub"].(string)
	expiry, err := checkClaims(claims, provider, c.now)
	if err != nil {
		return accessTokenJSON{}, unverified(err)
	}
	rule, err := org.matchingRule(provider, in.ServiceAccountID, claims)
	if err != nil {
		return accessTokenJSON{}, notAllowed(err)
	}
	e.FederationRuleID = rule.ID
	if err := org.canAct(rule); err != nil {
		return accessTokenJSON{}, notAllowed(err)
	}
	if longest := c.now.Add(time.Hour); expiry.After(longest) {
		expiry = longest
	}
	e.ExpiresAt = expiry
	return accessTokenJSON{
		AccessToken: s.issueAccessToken(org, rule, expiry, c.now), IssuedTokenType: tokenTypeAccessToken,
		TokenType: "Bearer", ExpiresIn: int64(expiry.Sub(c.now) / time.Second),
	}, nil
}

func readExchange(body []byte) (tokenExchange, *exchangeRefusal) {
	var in tokenExchange
	if err := json.Unmarshal(body, &in); err != nil {
		return tokenExchange{}, invalidExchange("invalid_request", "The request is no JSON object of strings.")
	}
	for _, parameter := range []struct{ name, value string }{
		{"grant_type", in.GrantType},
		{"subject_token", in.SubjectToken},
		{"subject_token_type", in.SubjectTokenType},
		{"identity_provider_id", in.IdentityProviderID},
		{"service_account_id", in.ServiceAccountID},
	} {
		if parameter.value == "" {
			return in, invalidExchange("invalid_request", "Missing required parameter: "+parameter.name+".")
		}
	}
	switch {
	case in.GrantType != grantTokenExchange:
		return in, invalidExchange("unsupported_grant_type", "The grant_type must be "+grantTokenExchange+".")
	case in.SubjectTokenType != tokenTypeJWT && in.SubjectTokenType != tokenTypeID:
		return in, invalidExchange("invalid_request", "The subject_token_type must be "+tokenTypeJWT+" or "+tokenTypeID+".")
	}
	return in, nil
}
