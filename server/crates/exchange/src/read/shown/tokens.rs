//! The pieces of a number format.

/// One piece of a format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// Words as they stand.
    Literal(String),
    /// A place for a digit: `0`, `#` or `?`.
    Digit(char),
    /// The decimal point.
    Point,
    /// Thousands.
    Comma,
    /// Times hundred.
    Percent,
    /// `General`.
    General,
    /// A way of writing numbers that we do not follow: fractions, powers of ten.
    Unknown,
    /// `y`, with how many letters.
    Year(usize),
    /// `m` between days and years.
    Month(usize),
    /// `d`.
    Day(usize),
    /// `h`.
    Hour(usize),
    /// `m` between hours and seconds.
    Minute(usize),
    /// `s`.
    Second(usize),
    /// `AM/PM`.
    HalfDay,
    /// `[h]`, `[mm]`, `[s]`: time that may exceed a day.
    Elapsed(char, usize),
}

impl Token {
    pub(super) fn literal(&self) -> Option<&str> {
        if let Self::Literal(words) = self { Some(words) } else { None }
    }

    pub(super) fn is_of_day(&self) -> bool {
        matches!(self, Self::Year(_) | Self::Month(_) | Self::Day(_))
    }

    pub(super) fn is_of_clock(&self) -> bool {
        matches!(self, Self::Hour(_) | Self::Minute(_) | Self::Second(_) | Self::HalfDay)
    }

    pub(super) fn is_of_time(&self) -> bool {
        self.is_of_day() || self.is_of_clock() || matches!(self, Self::Elapsed(..))
    }
}

/// Formats longer than this are cut: a person does not write them.
const LONGEST: usize = 512;

/// The sections of a format (above zero; below; zero; text), each in pieces.
pub(super) fn tokens(code: &str) -> Vec<Vec<Token>> {
    let letters: Vec<char> = code.chars().take(LONGEST).collect();
    let mut sections = vec![Vec::new()];
    let mut rest = letters.as_slice();
    while let [first, after @ ..] = rest {
        if *first == ';' {
            sections.push(Vec::new());
            rest = after;
            continue;
        }
        let (token, used) = next(rest);
        if let (Some(token), Some(section)) = (token, sections.last_mut()) {
            section.push(token);
        }
        rest = rest.get(used..).unwrap_or_default();
    }
    if let [only] = sections.as_mut_slice()
        && only.is_empty()
    {
        only.push(Token::General);
    }
    sections.into_iter().map(settle).collect()
}

/// The first piece of a format, and how many characters it takes.
fn next(rest: &[char]) -> (Option<Token>, usize) {
    let run = |letter: char| rest.iter().take_while(|c| c.eq_ignore_ascii_case(&letter)).count();
    let is = |word: &str| {
        word.chars()
            .enumerate()
            .all(|(at, c)| rest.get(at).is_some_and(|r| r.eq_ignore_ascii_case(&c)))
    };
    match rest[0] {
        '"' => {
            let words: String = rest[1..].iter().take_while(|c| **c != '"').collect();
            let used = words.chars().count() + 2;
            (Some(Token::Literal(words)), used)
        }
        '\\' => (rest.get(1).map(|c| Token::Literal(c.to_string())), 2),
        // A space as wide as the next character, and a filling with it.
        '_' | '*' => (None, 2),
        '[' => bracket(rest),
        digit @ ('0' | '#' | '?') => (Some(Token::Digit(digit)), 1),
        '.' => (Some(Token::Point), 1),
        ',' => (Some(Token::Comma), 1),
        '%' => (Some(Token::Percent), 1),
        '@' => (Some(Token::General), 1),
        _ if is("general") => (Some(Token::General), 7),
        _ if is("standard") => (Some(Token::General), 8),
        _ if is("am/pm") => (Some(Token::HalfDay), 5),
        _ if is("a/p") => (Some(Token::HalfDay), 3),
        _ if is("e+") || is("e-") => (Some(Token::Unknown), 2),
        'y' | 'Y' => (Some(Token::Year(run('y'))), run('y')),
        'm' | 'M' => (Some(Token::Month(run('m'))), run('m')),
        'd' | 'D' => (Some(Token::Day(run('d'))), run('d')),
        'h' | 'H' => (Some(Token::Hour(run('h'))), run('h')),
        's' | 'S' => (Some(Token::Second(run('s'))), run('s')),
        other => (Some(Token::Literal(other.to_string())), 1),
    }
}

/// `[h]`, `[$€-40C]`, `[Red]`, `[>=100]`.
fn bracket(rest: &[char]) -> (Option<Token>, usize) {
    let inside: String = rest[1..].iter().take_while(|c| **c != ']').collect();
    let used = inside.chars().count() + 2;
    if let Some(currency) = inside.strip_prefix('$') {
        let symbol = currency.split('-').next().unwrap_or_default();
        let token = (!symbol.is_empty()).then(|| Token::Literal(symbol.to_owned()));
        return (token, used);
    }
    let small = inside.to_ascii_lowercase();
    let elapsed = small.chars().next().filter(|first| {
        matches!(first, 'h' | 'm' | 's') && small.chars().all(|letter| letter == *first)
    });
    (elapsed.map(|unit| Token::Elapsed(unit, small.len())), used)
}

/// What a piece means beside its neighbours: `m` after hours or before seconds counts minutes; in a time
/// `.` and `0` are fractions of a second; in a number `/` makes a fraction.
fn settle(mut section: Vec<Token>) -> Vec<Token> {
    let is_time = section.iter().any(Token::is_of_time);
    if !is_time {
        let has_slash = section.iter().any(|token| token.literal() == Some("/"));
        if has_slash && section.iter().any(|token| matches!(token, Token::Digit(_))) {
            section.push(Token::Unknown);
        }
        return section;
    }
    section.retain(|token| !matches!(token, Token::Digit(_) | Token::Point | Token::General));
    let timely: Vec<usize> = (0..section.len()).filter(|at| section[*at].is_of_time()).collect();
    for (place, at) in timely.iter().enumerate() {
        let before =
            place.checked_sub(1).and_then(|before| timely.get(before)).map(|at| &section[*at]);
        let after = timely.get(place + 1).map(|at| &section[*at]);
        let is_minute = matches!(before, Some(Token::Hour(_) | Token::Elapsed('h', _)))
            || matches!(after, Some(Token::Second(_)));
        if let (Token::Month(width @ 1..=2), true) = (&section[*at], is_minute) {
            section[*at] = Token::Minute(*width);
        }
    }
    for token in &mut section {
        if *token == Token::Comma {
            *token = Token::Literal(",".to_owned());
        }
    }
    section
}
