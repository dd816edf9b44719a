-- `text` and `note` are sealed, because they describe the problems of a family in free text.
CREATE TABLE case_problems (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  case_id UUID NOT NULL REFERENCES cases (id),
  cause TEXT NULL,
  text TEXT NOT NULL,
  noticed_on DATE NOT NULL,
  state TEXT NOT NULL CONSTRAINT case_problems_state_check CHECK (state IN ('open', 'improved', 'worsened', 'resolved')),
  changed_on DATE NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT case_problems_dates_check CHECK (changed_on >= noticed_on)
);
CREATE INDEX case_problems_case ON case_problems (case_id, id DESC);

-- The recorded changes of a problem. A row is never changed.
CREATE TABLE case_problem_changes (
  problem_id UUID NOT NULL REFERENCES case_problems (id),
  n INTEGER NOT NULL CONSTRAINT case_problem_changes_n_check CHECK (n >= 1),
  state TEXT NOT NULL CONSTRAINT case_problem_changes_state_check CHECK (state IN ('improved', 'worsened', 'resolved')),
  note TEXT NULL,
  changed_on DATE NOT NULL,
  recorded_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (problem_id, n)
);
