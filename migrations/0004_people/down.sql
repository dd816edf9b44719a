DROP TABLE representatives;
DROP TABLE beneficiaries;
DROP TABLE family_members;
DROP TABLE families;
DROP TABLE people;
