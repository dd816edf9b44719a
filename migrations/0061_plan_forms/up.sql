-- Forms of plans, in editions.
CREATE TABLE plan_forms (
  id UUID NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CONSTRAINT plan_forms_kind_check CHECK (kind IN ('route', 'development_placement', 'corrective', 'trajectory', 'education_route', 'life_plan', 'prevention')),
  number INTEGER NOT NULL CONSTRAINT plan_forms_number_check CHECK (number >= 1),
  effective_from DATE NOT NULL,
  layout JSONB NOT NULL,
  created_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX plan_forms_kind_number_key ON plan_forms (kind, number);
