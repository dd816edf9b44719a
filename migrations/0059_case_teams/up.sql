-- The members of the team of a case. `organization_id` is that of an account of another organization. `legal_ground` and `end_note` are sealed.
CREATE TABLE case_team_members (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  case_id UUID NOT NULL REFERENCES cases (id),
  user_id UUID NOT NULL REFERENCES users (id),
  organization_id UUID NULL REFERENCES organizations (id),
  role TEXT NOT NULL CONSTRAINT case_team_members_role_check CHECK (role IN ('specialist', 'social_teacher', 'psychologist', 'medic', 'lawyer', 'teacher', 'tutor', 'mentor', 'guardianship', 'volunteer', 'other')),
  parts JSONB NOT NULL,
  until_on DATE NULL,
  consent_id UUID NULL REFERENCES personal_consents (id),
  legal_ground TEXT NULL,
  ground_file_id UUID NULL REFERENCES files (id),
  since_on DATE NOT NULL,
  ended_on DATE NULL,
  end_reason TEXT NULL,
  end_note TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT case_team_members_ground_check CHECK (organization_id IS NULL OR ((consent_id IS NULL) <> (legal_ground IS NULL) AND until_on IS NOT NULL)),
  CONSTRAINT case_team_members_end_check CHECK ((ended_on IS NULL) = (end_reason IS NULL))
);
CREATE INDEX case_team_members_case ON case_team_members (case_id, id);
CREATE INDEX case_team_members_user ON case_team_members (user_id, id);
CREATE INDEX case_team_members_consent ON case_team_members (consent_id) WHERE consent_id IS NOT NULL;
