DROP TABLE consent_signatures;
DROP TABLE personal_consents;
