DROP TABLE service_deliveries;
DROP TABLE service_standards;
DROP TABLE needs;
