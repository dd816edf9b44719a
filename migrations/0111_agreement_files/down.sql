DROP TABLE agreement_files;
