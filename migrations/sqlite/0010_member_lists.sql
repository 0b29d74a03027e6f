-- Lists of members that were sent in: their plan, and once it was applied what was done, for whoever takes it back.
-- `content` (JSON) holds names and addresses: it goes with an erasure, with its people, or after a while.
create table member_lists (
    id integer primary key autoincrement,
    made_by integer,
    file_name text not null,
    state text not null,
    content text not null,
    made_at integer not null,
    changed_at integer not null,
    version integer not null
) strict;
