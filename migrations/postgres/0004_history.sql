-- A value that was admitted and lost to another, written at the same time: told, but it never showed.
alter table edits add column lost bigint not null default 0;

-- The column of a key, its items and its words: `lieux` of `lieux/x1` and `lieux~said`; empty for the row's own.
alter table edits add column column_id text not null default '';
update edits set column_id = case
    when key like '~%' then ''
    when key like '%/%' then rtrim(rtrim(key, replace(key, '/', '')), '/')
    when key like '%~%' then rtrim(rtrim(key, replace(key, '~', '')), '~')
    else key
end;

create index edits_of_column on edits (table_id, column_id, id);
create index edits_of_cells on edits (table_id, row_id, column_id, id);
drop index edits_of_cell;
create index edits_by_revision on edits (table_id, revision);
create index edits_by_time on edits (table_id, began_at, id);
create index edits_by_others on edits (table_id, origin, id) where origin <> 'table';
create index edits_lost on edits (table_id, id) where lost = 1;
create index revisions_of_epoch on revisions (table_id, epoch, revision);

-- What somebody asks for until a pilot decides. The receipt is the word of its number.
-- `key_of_client` is what the asking device calls it: sent twice, it is one.
create table proposals (
    id bigint generated always as identity primary key,
    table_id bigint not null references tables (id),
    kind text not null,
    state text not null,
    author bigint,
    key_of_client text not null,
    row_id text,
    payload text not null,
    made_at bigint not null,
    changed_at bigint not null,
    decided_by bigint,
    decided_at bigint,
    reason text,
    version bigint not null
);

create unique index proposals_of_client on proposals (table_id, author, key_of_client);
create index proposals_of_author on proposals (author, id);
create index proposals_by_state on proposals (table_id, state, id);
create index proposals_of_row on proposals (table_id, row_id, id);

-- What a table said at the end of a day (UTC), for moments whose log is gone.
create table day_values (
    table_id bigint not null references tables (id),
    day text not null,
    epoch bigint not null,
    revision bigint not null,
    made_at bigint not null,
    payload bytea not null,
    primary key (table_id, day)
);

create index day_values_by_time on day_values (table_id, made_at);

-- What was erased, and where it stood: the places, never the words. JSON.
create table erasures (
    id bigint generated always as identity primary key,
    table_id bigint not null references tables (id),
    asked_by bigint,
    made_at bigint not null,
    what text not null,
    places text not null
);

create index erasures_of_table on erasures (table_id, id);
