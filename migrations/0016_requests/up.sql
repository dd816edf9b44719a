-- `text` and `note` (of a withdrawal or of the answer) are sealed.
CREATE TABLE requests (
  id UUID NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  mentorship_id UUID NOT NULL REFERENCES mentorships (id),
  party TEXT NOT NULL CONSTRAINT requests_party_check CHECK (party IN ('mentor', 'recipient')),
  kind TEXT NOT NULL CONSTRAINT requests_kind_check CHECK (kind IN ('consultation', 'aid', 'replacement', 'other')),
  text TEXT NULL,
  on_paper_file_id UUID NULL REFERENCES files (id),
  state TEXT NOT NULL CONSTRAINT requests_state_check CHECK (state IN ('open', 'answered', 'withdrawn', 'closed')),
  made_on DATE NOT NULL,
  settled_on DATE NULL,
  meeting_id UUID NULL REFERENCES meetings (id),
  note TEXT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  CONSTRAINT requests_recipient_check CHECK (party = 'recipient' OR kind IN ('replacement', 'other')),
  CONSTRAINT requests_settled_check CHECK ((state = 'open') = (settled_on IS NULL)),
  CONSTRAINT requests_answered_check CHECK (state = 'answered' OR meeting_id IS NULL),
  CONSTRAINT requests_note_check CHECK (state IN ('withdrawn', 'answered') OR note IS NULL)
);
CREATE UNIQUE INDEX requests_mentorship_id_party_key ON requests (mentorship_id, party)
  WHERE state = 'open' AND kind = 'replacement';
CREATE INDEX requests_mentorship ON requests (mentorship_id, id DESC);
ALTER TABLE meetings ADD COLUMN request_id UUID NULL REFERENCES requests (id);
