DROP TABLE document_assistance;
DROP TABLE stock_movements;
DROP TABLE emergency_aids;
DROP TABLE stock_items;
