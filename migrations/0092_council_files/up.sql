-- The account of a member of a council, which reads the files of its meetings while the member is in office.
ALTER TABLE council_members ADD COLUMN user_id UUID NULL REFERENCES users (id);
CREATE INDEX council_members_user ON council_members (user_id, council_id) WHERE user_id IS NOT NULL;

-- The files of meetings, those of the agenda and the signed protocol, each with the council whose members read it.
CREATE TABLE council_meeting_files (
  file_id UUID NOT NULL REFERENCES files (id),
  meeting_id UUID NOT NULL REFERENCES council_meetings (id),
  council_id UUID NOT NULL REFERENCES councils (id),
  PRIMARY KEY (file_id, meeting_id)
);
CREATE INDEX council_meeting_files_meeting ON council_meeting_files (meeting_id, file_id);
--sqlite INSERT INTO council_meeting_files (file_id, meeting_id, council_id)
--sqlite   SELECT DISTINCT unhex(replace(file.value, '-', '')), meetings.id, meetings.council_id
--sqlite   FROM council_meetings AS meetings, json_each(meetings.agenda) AS item, json_each(item.value, '$.file_ids') AS file;
--postgres INSERT INTO council_meeting_files (file_id, meeting_id, council_id)
--postgres   SELECT DISTINCT CAST(file.id AS UUID), meetings.id, meetings.council_id
--postgres   FROM council_meetings AS meetings, jsonb_array_elements(meetings.agenda) AS item (question),
--postgres     jsonb_array_elements_text(item.question -> 'file_ids') AS file (id);
INSERT INTO council_meeting_files (file_id, meeting_id, council_id)
  SELECT meetings.protocol_file_id, meetings.id, meetings.council_id FROM council_meetings AS meetings
  WHERE meetings.protocol_file_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM council_meeting_files AS known WHERE known.file_id = meetings.protocol_file_id AND known.meeting_id = meetings.id
  );
