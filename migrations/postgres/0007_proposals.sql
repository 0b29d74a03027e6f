-- A proposal that was accepted is told by the edits that it made.
alter table revisions add column proposal_id bigint;
alter table edits add column proposal_id bigint;
create index edits_of_proposal on edits (proposal_id) where proposal_id is not null;

-- Who asks, where nobody signed in; and what only pilots read (`private`, JSON). Never in the payload.
alter table proposals add column author_email text;
alter table proposals add column author_name text;
alter table proposals add column private text;
alter table proposals add column language text not null default 'fr';
alter table proposals add column place_hash bytea;
alter table proposals add column spam_score double precision not null default 0;

-- Who looks after it; what was decided, field by field (JSON); until when nobody is told.
alter table proposals add column taken_by bigint;
alter table proposals add column taken_at bigint;
alter table proposals add column decision text;
alter table proposals add column not_before bigint;

create unique index proposals_of_visitor on proposals (table_id, key_of_client) where author is null;
create index proposals_by_address on proposals (author_email) where author_email is not null;
create index proposals_by_place on proposals (place_hash, made_at) where place_hash is not null;
create index proposals_in_state on proposals (state, id);

-- What happened to a proposal, and the words exchanged about it.
create table proposal_events (
    id bigint generated always as identity primary key,
    proposal_id bigint not null references proposals (id) on delete cascade,
    made_at bigint not null,
    actor text not null,
    person_id bigint,
    what text not null,
    words text
);

create index proposal_events_of on proposal_events (proposal_id, id);

-- Which pilots have a proposal open. A line is as old as their last sign.
create table proposal_viewers (
    proposal_id bigint not null references proposals (id) on delete cascade,
    person_id bigint not null references people (id) on delete cascade,
    seen_at bigint not null,
    primary key (proposal_id, person_id)
);

-- Links by which a visitor confirms or follows a proposal. Only hashes: a stolen copy opens nothing.
create table follow_links (
    token_hash bytea not null primary key,
    proposal_id bigint not null references proposals (id) on delete cascade,
    scope text not null,
    expires_at bigint not null,
    used_at bigint
);

create index follow_links_of on follow_links (proposal_id);
create index follow_links_by_end on follow_links (expires_at);

-- Pairs of rows that somebody judged not to be the same. The first is the smaller word.
create table not_duplicates (
    table_id bigint not null references tables (id),
    row_a text not null,
    row_b text not null,
    judged_by bigint,
    made_at bigint not null,
    primary key (table_id, row_a, row_b)
);

-- Rows that were made one: the address of `gone_row` leads to `keep_row`. `cells` (JSON) is what was chosen.
create table merges (
    id bigint generated always as identity primary key,
    table_id bigint not null references tables (id),
    keep_row text not null,
    gone_row text not null,
    revision bigint not null,
    merged_by bigint,
    made_at bigint not null,
    cells text not null,
    undone_by bigint,
    undone_at bigint
);

create unique index merges_of_gone on merges (table_id, gone_row) where undone_at is null;
create index merges_of_kept on merges (table_id, keep_row);

-- "Still right", said of a row.
create table confirmations (
    id bigint generated always as identity primary key,
    table_id bigint not null references tables (id),
    row_id text not null,
    person_id bigint,
    made_at bigint not null
);

create index confirmations_of_row on confirmations (table_id, row_id, made_at);

-- Sentences that pilots send more than once.
create table saved_reasons (
    id bigint generated always as identity primary key,
    language text not null,
    purpose text not null,
    words text not null,
    changed_by bigint,
    changed_at bigint not null
);

-- Items of the desk that somebody put aside.
create table desk_snoozes (
    table_id bigint not null references tables (id),
    item text not null,
    until bigint not null,
    put_by bigint,
    made_at bigint not null,
    primary key (table_id, item)
);
