package conformance

var listCases, identityCases, tenancyCases, errorCases []Case
