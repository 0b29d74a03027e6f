//! The sessions of an offer as a calendar (RFC 5545).
//!
//! Only sessions known to the day are events: "en mars 2026" is no day to block. They last whole days, since the
//! hours of a training are words. Written by hand: twelve properties of whole days, from a moment and ids that are given;
//! the crates that write calendars bring a clock, random ids and a parser.

use std::fmt::Write;

use tablee_domain::ids::Timestamp;
use tablee_domain::offer::session::{Day, Session, sessions};
use tablee_domain::table::Row;

use crate::wording::one_line;

/// What a calendar tells of the offer beside its sessions.
pub struct About<'a> {
    /// The title of the offer.
    pub title: &'a str,
    /// Its page here.
    pub page: &'a str,
    /// The host that makes ids unique in the world.
    pub host: &'a str,
    /// The body that gives it, and its own page: what one reads in the event.
    pub description: &'a str,
    /// Where sessions take place that name no place.
    pub place: &'a str,
    /// When the inventory last changed.
    pub changed_at: Timestamp,
    /// The name of this site.
    pub made_by: &'a str,
}

/// Whether an offer has a session known to the day.
pub fn has_events(row: &Row) -> bool {
    sessions(row).iter().any(|session| !days(session).is_empty())
}

/// The calendar of an offer.
pub fn calendar(row: &Row, about: &About<'_>) -> String {
    let mut lines = Lines::default();
    lines.raw("BEGIN:VCALENDAR");
    lines.raw("VERSION:2.0");
    lines.text("PRODID", &format!("-//{}//FR", about.made_by));
    lines.raw("METHOD:PUBLISH");
    lines.text("X-WR-CALNAME", about.title);
    for session in sessions(row) {
        for (at, (first, last)) in days(&session).into_iter().enumerate() {
            event(&mut lines, row, &session, at, (first, last), about);
        }
    }
    lines.raw("END:VCALENDAR");
    lines.0
}

/// The spans of whole days of a session: one, or one for each of its separate days.
fn days(session: &Session<'_>) -> Vec<(Day, Day)> {
    let Some(dates) = session.dates.filter(|dates| dates.to_the_day) else { return Vec::new() };
    let separate = session.days();
    if separate.is_empty() {
        vec![(dates.first, dates.last)]
    } else {
        separate.into_iter().map(|day| (day, day)).collect()
    }
}

fn event(
    lines: &mut Lines,
    row: &Row,
    session: &Session<'_>,
    at: usize,
    (first, last): (Day, Day),
    about: &About<'_>,
) {
    let part = if at == 0 { String::new() } else { format!("-{}", at + 1) };
    let state = match session.word("etat_recrutement") {
        "annulée" => "CANCELLED",
        "reportée" => "TENTATIVE",
        _ => "CONFIRMED",
    };
    let hours = one_line(session.word("horaires"));
    let described = [hours.as_str(), about.description];
    let described: Vec<&str> = described.into_iter().filter(|part| !part.is_empty()).collect();
    let place = one_line(session.word("lieu"));
    let place = if place.is_empty() { about.place } else { &place };
    lines.raw("BEGIN:VEVENT");
    lines.text("UID", &format!("{}-{}{part}@{}", row.id, session.id, about.host));
    lines.raw(&format!("DTSTAMP:{}", moment(about.changed_at)));
    lines.raw(&format!("DTSTART;VALUE=DATE:{}", first.basic()));
    // The end is the day after the last.
    lines.raw(&format!("DTEND;VALUE=DATE:{}", last.next().basic()));
    lines.text("SUMMARY", about.title);
    lines.text("DESCRIPTION", &described.join("\n"));
    lines.text("LOCATION", place);
    lines.raw(&format!("URL:{}", about.page));
    lines.raw(&format!("STATUS:{state}"));
    lines.raw("TRANSP:TRANSPARENT");
    lines.raw("END:VEVENT");
}

/// `20261122T120000Z`.
fn moment(at: Timestamp) -> String {
    let seconds = at.get().div_euclid(1000);
    let time = seconds.rem_euclid(86_400);
    let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60);
    format!("{}T{hour:02}{minute:02}{second:02}Z", Day::of(at).basic())
}

/// Lines of a calendar, each folded at 75 octets.
#[derive(Default)]
struct Lines(String);

impl Lines {
    /// A property whose value is a text; none where there is nothing to say.
    fn text(&mut self, name: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        let mut escaped = format!("{name}:");
        for letter in text.chars() {
            match letter {
                '\\' | ';' | ',' => {
                    escaped.push('\\');
                    escaped.push(letter);
                }
                '\n' => escaped.push_str("\\n"),
                letter if letter.is_control() => {}
                letter => escaped.push(letter),
            }
        }
        self.raw(&escaped);
    }

    /// A line as it stands. A letter is never cut in two.
    fn raw(&mut self, line: &str) {
        const MOST: usize = 75;
        let mut length = 0;
        for letter in line.chars() {
            if length + letter.len_utf8() > MOST {
                self.0.push_str("\r\n ");
                length = 1;
            }
            self.0.push(letter);
            length += letter.len_utf8();
        }
        let _ = write!(self.0, "\r\n");
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use tablee_domain::ids::{ColumnId, RowId};
    use tablee_domain::table::Plain;

    use super::*;

    fn about(title: &str) -> About<'_> {
        About {
            title,
            page: "https://tablee.example/formations/a-r1",
            host: "tablee.example",
            description: "Scop L'Orage\nhttps://scoplorage.org/",
            place: "Grenoble (38)",
            changed_at: Timestamp(1_790_942_400_000),
            made_by: "Tablée",
        }
    }

    fn row(sessions: &[(&str, &[(&str, Plain)])]) -> Row {
        let item = |parts: &[(&str, Plain)]| {
            let parts = parts.iter().map(|(key, value)| ((*key).to_owned(), value.clone()));
            Plain::Map(parts.collect())
        };
        let items = sessions.iter().map(|(id, parts)| ((*id).to_owned(), item(parts)));
        Row {
            id: RowId::new("r1").unwrap(),
            cells: [(ColumnId::new("sessions").unwrap(), Plain::Map(items.collect()))].into(),
            said: BTreeMap::new(),
            order: String::new(),
            deleted: false,
        }
    }

    fn unfolded(calendar: &str) -> Vec<String> {
        calendar.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn a_session_known_to_the_day_is_an_event_of_whole_days() {
        let row = row(&[(
            "s1",
            &[
                ("debut", "2026-03-30".into()),
                ("fin", "2026-03-31".into()),
                ("horaires", "9h à 17h".into()),
            ],
        )]);

        let lines = unfolded(&calendar(&row, &about("Susciter, participer ; co\\construire")));

        for wanted in [
            "UID:r1-s1@tablee.example",
            "DTSTAMP:20261002T120000Z",
            "DTSTART;VALUE=DATE:20260330",
            "DTEND;VALUE=DATE:20260401",
            "SUMMARY:Susciter\\, participer \\; co\\\\construire",
            "DESCRIPTION:9h à 17h\\nScop L'Orage\\nhttps://scoplorage.org/",
            "LOCATION:Grenoble (38)",
            "STATUS:CONFIRMED",
        ] {
            assert!(lines.contains(&wanted.to_owned()), "{wanted}\n{lines:#?}");
        }
    }

    #[test]
    fn a_month_or_a_year_is_no_event_and_separate_days_are_several() {
        let vague =
            row(&[("a", &[("debut", "2026-03".into())]), ("b", &[("texte", "bientôt".into())])]);
        let days = Plain::List(vec!["2026-03-12".into(), "2026-03-19".into()]);
        let separate = row(&[(
            "s",
            &[("debut", "2026-03-12".into()), ("fin", "2026-03-19".into()), ("jours", days)],
        )]);

        assert!(!has_events(&vague));
        assert!(!calendar(&vague, &about("A")).contains("VEVENT"));
        let lines = unfolded(&calendar(&separate, &about("A")));
        assert_eq!(lines.iter().filter(|line| *line == "BEGIN:VEVENT").count(), 2);
        assert!(lines.contains(&"UID:r1-s@tablee.example".to_owned()));
        assert!(lines.contains(&"UID:r1-s-2@tablee.example".to_owned()));
        assert!(lines.contains(&"DTEND;VALUE=DATE:20260320".to_owned()));
    }

    #[test]
    fn a_session_that_was_called_off_says_so() {
        let row = row(&[(
            "s",
            &[("debut", "2026-03-12".into()), ("etat_recrutement", "annulée".into())],
        )]);

        assert!(calendar(&row, &about("A")).contains("STATUS:CANCELLED\r\n"));
    }

    proptest! {
        #[test]
        fn no_line_is_longer_than_75_octets_and_no_title_writes_a_line_of_its_own(title in ".{0,200}") {
            let row = row(&[("s", &[("debut", "2026-03-12".into())])]);

            let calendar = calendar(&row, &about(&title));

            prop_assert!(calendar.split("\r\n").all(|line| line.len() <= 75));
            let names = unfolded(&calendar);
            prop_assert!(names.iter().filter(|line| line.starts_with("END:VCALENDAR")).count() == 1);
            prop_assert!(names.iter().filter(|line| line.starts_with("BEGIN:")).count() == 2);
            prop_assert!(!calendar.replace("\r\n", "").contains(['\r', '\n']));
        }
    }
}
