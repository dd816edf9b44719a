CREATE TABLE training_courses (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  code TEXT NOT NULL,
  title TEXT NOT NULL,
  hours INTEGER NOT NULL,
  valid_months INTEGER NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX training_courses_code_key ON training_courses (code);

-- Free texts of candidates and directors are sealed: statement, questionnaire, notes.
CREATE TABLE mentor_applications (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  state TEXT NOT NULL CONSTRAINT mentor_applications_state_check
    CHECK (state IN ('draft', 'submitted', 'under_review', 'approved', 'rejected', 'withdrawn')),
  person_id UUID NOT NULL REFERENCES people (id),
  organization_id UUID NOT NULL REFERENCES organizations (id),
  ngo_id UUID NULL REFERENCES organizations (id),
  program_id UUID NOT NULL REFERENCES programs (id),
  statement TEXT NULL,
  questionnaire TEXT NULL,
  documents JSONB NOT NULL,
  submission_note TEXT NULL,
  submitted_on DATE NULL,
  review_opened_on DATE NULL,
  decided_on DATE NULL,
  rejection_reason TEXT NULL,
  decision_note TEXT NULL,
  order_number TEXT NULL,
  order_date DATE NULL,
  mentor_id UUID NULL,
  withdrawn_on DATE NULL,
  withdrawal_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT mentor_applications_draft_check CHECK (state <> 'draft' OR submitted_on IS NULL),
  CONSTRAINT mentor_applications_submission_check
    CHECK (state IN ('draft', 'withdrawn') OR (submitted_on IS NOT NULL AND statement IS NOT NULL AND questionnaire IS NOT NULL)),
  CONSTRAINT mentor_applications_review_check CHECK (state <> 'under_review' OR review_opened_on IS NOT NULL),
  CONSTRAINT mentor_applications_decision_check CHECK ((state IN ('approved', 'rejected')) = (decided_on IS NOT NULL)),
  CONSTRAINT mentor_applications_rejection_check CHECK ((state = 'rejected') = (rejection_reason IS NOT NULL)),
  CONSTRAINT mentor_applications_order_check CHECK ((order_number IS NULL) = (order_date IS NULL)),
  CONSTRAINT mentor_applications_mentor_check CHECK ((state = 'approved') = (mentor_id IS NOT NULL)),
  CONSTRAINT mentor_applications_withdrawal_check CHECK ((state = 'withdrawn') = (withdrawn_on IS NOT NULL))
);
CREATE UNIQUE INDEX mentor_applications_person_id_key ON mentor_applications (person_id) WHERE state IN ('submitted', 'under_review');
CREATE INDEX mentor_applications_person ON mentor_applications (person_id);
CREATE INDEX mentor_applications_organization ON mentor_applications (organization_id, id);
CREATE INDEX mentor_applications_program ON mentor_applications (program_id, id);

CREATE TABLE mentors (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  person_id UUID NOT NULL REFERENCES people (id),
  organization_id UUID NOT NULL REFERENCES organizations (id),
  ngo_id UUID NULL REFERENCES organizations (id),
  application_id UUID NOT NULL REFERENCES mentor_applications (id),
  approved_on DATE NOT NULL,
  capacity INTEGER NOT NULL CONSTRAINT mentors_capacity_check CHECK (capacity BETWEEN 1 AND 3),
  backgrounds JSONB NOT NULL,
  documents JSONB NOT NULL,
  note TEXT NULL,
  removed_on DATE NULL,
  removal_order_number TEXT NULL,
  removal_order_date DATE NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT mentors_removal_check
    CHECK ((removed_on IS NULL) = (removal_order_number IS NULL) AND (removed_on IS NULL) = (removal_order_date IS NULL))
);
CREATE UNIQUE INDEX mentors_person_id_key ON mentors (person_id);
CREATE INDEX mentors_organization ON mentors (organization_id, id);
CREATE INDEX mentors_ngo ON mentors (ngo_id, id);
CREATE INDEX mentors_application ON mentors (application_id);

CREATE TABLE trainings (
  id UUID NOT NULL PRIMARY KEY,
  mentor_id UUID NOT NULL REFERENCES mentors (id),
  course_id UUID NOT NULL REFERENCES training_courses (id),
  completed_on DATE NOT NULL,
  valid_until DATE NULL,
  certificate_number TEXT NULL,
  certificate_file_id UUID NULL REFERENCES files (id),
  created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX trainings_mentor ON trainings (mentor_id, id);
