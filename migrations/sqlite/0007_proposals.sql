-- A proposal that was accepted is told by the edits that it made.
alter table revisions add column proposal_id integer;
alter table edits add column proposal_id integer;
create index edits_of_proposal on edits (proposal_id) where proposal_id is not null;
