-- `homework_result` is sealed.
ALTER TABLE meetings ADD COLUMN homework_done BOOLEAN NULL
  CONSTRAINT meetings_homework_done_check CHECK (homework_done IS NULL OR homework IS NOT NULL);
ALTER TABLE meetings ADD COLUMN homework_result TEXT NULL
  CONSTRAINT meetings_homework_result_check CHECK (homework_result IS NULL OR homework_done IS NOT NULL);
ALTER TABLE meetings ADD COLUMN homework_told_on DATE NULL
  CONSTRAINT meetings_homework_told_check CHECK ((homework_told_on IS NULL) = (homework_done IS NULL));

-- `comment` is sealed.
CREATE TABLE meeting_ratings (
  meeting_id UUID NOT NULL REFERENCES meetings (id),
  party TEXT NOT NULL CONSTRAINT meeting_ratings_party_check CHECK (party IN ('mentor', 'recipient')),
  score INTEGER NOT NULL CONSTRAINT meeting_ratings_score_check CHECK (score BETWEEN 1 AND 5),
  comment TEXT NULL,
  rated_on DATE NOT NULL,
  CONSTRAINT meeting_ratings_meeting_id_party_key PRIMARY KEY (meeting_id, party)
);
