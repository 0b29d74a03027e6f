-- Mails that wait, and what became of those that were sent. Once a mail is gone its bodies are dropped.
-- `secret`: it holds a link or a code, so nobody reads it here, whatever becomes of it.
create table mails (
    id bigint generated always as identity primary key,
    recipient text not null,
    person_id bigint,
    proposal_id bigint,
    topic text not null,
    subject text not null,
    body_text text,
    body_html text,
    secret bigint not null,
    dedupe_key text unique,
    state text not null,
    attempt bigint not null,
    error text,
    made_at bigint not null,
    not_before bigint not null,
    expires_at bigint,
    ended_at bigint
);

create index mails_due on mails (state, not_before);
create index mails_of_person on mails (person_id) where person_id is not null;
create index mails_of_proposal on mails (proposal_id) where proposal_id is not null;
create index mails_to on mails (recipient);
create index mails_by_end on mails (ended_at);

-- Letters that wait for the next digest of a person.
create table mail_news (
    id bigint generated always as identity primary key,
    person_id bigint not null references people (id) on delete cascade,
    topic text not null,
    proposal_id bigint,
    dedupe_key text,
    words text not null,
    made_at bigint not null
);

create index mail_news_of on mail_news (person_id, id);
create unique index mail_news_once on mail_news (person_id, dedupe_key) where dedupe_key is not null;

create table mail_preferences (
    person_id bigint not null references people (id) on delete cascade,
    topic text not null,
    channel text not null,
    changed_at bigint not null,
    primary key (person_id, topic)
);

-- Addresses of visitors that want no more mails, as hashes.
create table muted_addresses (
    address_hash bytea not null,
    topic text not null,
    made_at bigint not null,
    primary key (address_hash, topic)
);
