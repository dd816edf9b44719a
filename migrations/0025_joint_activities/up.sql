-- Joint activities (000 L59), the choices of each side after them, and vetoes. `note` and `lifting_reason` of a veto are
-- sealed.
CREATE TABLE joint_activities (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  program_id UUID NOT NULL REFERENCES programs (id),
  organization_id UUID NOT NULL REFERENCES organizations (id),
  title TEXT NOT NULL,
  held_on DATE NOT NULL,
  place TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX joint_activities_organization ON joint_activities (organization_id, id DESC);
CREATE INDEX joint_activities_program ON joint_activities (program_id, id DESC);
CREATE TABLE joint_activity_mentors (
  activity_id UUID NOT NULL REFERENCES joint_activities (id),
  mentor_id UUID NOT NULL REFERENCES mentors (id),
  PRIMARY KEY (activity_id, mentor_id)
);
CREATE INDEX joint_activity_mentors_mentor ON joint_activity_mentors (mentor_id, activity_id);
CREATE TABLE joint_activity_beneficiaries (
  activity_id UUID NOT NULL REFERENCES joint_activities (id),
  beneficiary_id UUID NOT NULL REFERENCES beneficiaries (id),
  PRIMARY KEY (activity_id, beneficiary_id)
);
CREATE INDEX joint_activity_beneficiaries_beneficiary ON joint_activity_beneficiaries (beneficiary_id, activity_id);

-- A choice never changes. A later choice of the same chooser in the same activity replaces it.
CREATE TABLE choices (
  id UUID NOT NULL PRIMARY KEY,
  activity_id UUID NOT NULL REFERENCES joint_activities (id),
  mentor_id UUID NULL REFERENCES mentors (id),
  beneficiary_id UUID NULL REFERENCES beneficiaries (id),
  made_on DATE NOT NULL,
  made_by UUID NOT NULL REFERENCES users (id),
  on_paper_file_id UUID NULL REFERENCES files (id),
  superseded BOOLEAN NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT choices_chooser_check CHECK ((mentor_id IS NULL) <> (beneficiary_id IS NULL))
);
CREATE UNIQUE INDEX choices_activity_id_mentor_id_key ON choices (activity_id, mentor_id) WHERE mentor_id IS NOT NULL AND NOT superseded;
CREATE UNIQUE INDEX choices_activity_id_beneficiary_id_key ON choices (activity_id, beneficiary_id)
  WHERE beneficiary_id IS NOT NULL AND NOT superseded;
CREATE INDEX choices_activity ON choices (activity_id);
CREATE INDEX choices_mentor ON choices (mentor_id, id DESC);
CREATE INDEX choices_beneficiary ON choices (beneficiary_id, id DESC);
-- The persons that a choice names. `rank` is NULL for a veto.
CREATE TABLE chosen (
  choice_id UUID NOT NULL REFERENCES choices (id),
  mentor_id UUID NOT NULL REFERENCES mentors (id),
  beneficiary_id UUID NOT NULL REFERENCES beneficiaries (id),
  rank INTEGER NULL CONSTRAINT chosen_rank_check CHECK (rank BETWEEN 1 AND 20),
  PRIMARY KEY (choice_id, mentor_id, beneficiary_id)
);
CREATE INDEX chosen_beneficiary ON chosen (beneficiary_id);

CREATE TABLE vetoes (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  beneficiary_id UUID NOT NULL REFERENCES beneficiaries (id),
  mentor_id UUID NOT NULL REFERENCES mentors (id),
  made_by_side TEXT NOT NULL CONSTRAINT vetoes_made_by_side_check
    CHECK (made_by_side IN ('beneficiary', 'representative', 'mentor', 'specialist')),
  reason TEXT NOT NULL,
  note TEXT NULL,
  mentorship_id UUID NULL REFERENCES mentorships (id),
  made_on DATE NOT NULL,
  lifted_on DATE NULL,
  lifting_reason TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT vetoes_lifting_check CHECK ((lifted_on IS NULL) = (lifting_reason IS NULL))
);
CREATE UNIQUE INDEX vetoes_beneficiary_id_mentor_id_made_by_side_key ON vetoes (beneficiary_id, mentor_id, made_by_side)
  WHERE lifted_on IS NULL;
CREATE INDEX vetoes_mentor ON vetoes (mentor_id, id DESC);
CREATE INDEX vetoes_beneficiary ON vetoes (beneficiary_id, id DESC);
