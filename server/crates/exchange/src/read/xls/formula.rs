//! The one formula that is understood: `HYPERLINK("https://…"; "ici")`, by its tokens.

use super::compound::u16_at;
use super::records::Segments;

/// A text, a function of a fixed or of any number of arguments, and the number of HYPERLINK.
const TEXT: u8 = 0x17;
const FUNCTIONS: [u8; 3] = [0x22, 0x42, 0x62];
const HYPERLINK: u16 = 359;

/// The address, where it is written out.
pub(super) fn link(tokens: &[u8]) -> Option<String> {
    let (address, rest) = text(tokens)?;
    let rest = past_one_argument(rest);
    let (function, arguments) = (rest.first()?, rest.get(1)?);
    let is_it = FUNCTIONS.contains(function) && matches!(arguments, 1 | 2);
    (is_it && u16_at(rest, 2)? & 0x7fff == HYPERLINK && rest.len() == 4).then_some(address)
}

fn text(tokens: &[u8]) -> Option<(String, &[u8])> {
    let [TEXT, count, how, rest @ ..] = tokens else { return None };
    let size = usize::from(*count) * (1 + usize::from(how & 1));
    let (letters, rest) = rest.split_at_checked(size)?;
    Some((Segments::of(letters).letters(usize::from(*count), *how)?, rest))
}

/// The tokens after one argument that is a plain value or one cell; all of them if there is none such.
fn past_one_argument(tokens: &[u8]) -> &[u8] {
    let after = match tokens.first() {
        Some(&TEXT) => text(tokens).map(|(_, rest)| rest),
        // A whole number; a number; a cell.
        Some(0x1e) => tokens.get(3..),
        Some(0x1f) => tokens.get(9..),
        Some(0x24 | 0x44 | 0x64) => tokens.get(5..),
        _ => None,
    };
    after.unwrap_or(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(parts: &[&[u8]]) -> Vec<u8> {
        parts.concat()
    }

    #[test]
    fn a_link_written_out_in_a_formula_is_found() {
        let address: &[u8] = b"\x17\x06\x00http:/";
        let wide: &[u8] = b"\x17\x02\x01x\0\x53\x01";
        let call = |arguments| [0x42, arguments, 0x67, 0x01];

        assert_eq!(link(&tokens(&[address, &call(1)])).as_deref(), Some("http:/"));
        assert_eq!(link(&tokens(&[wide, b"\x17\x01\x00a", &call(2)])).as_deref(), Some("xœ"));
        assert_eq!(
            link(&tokens(&[address, b"\x44\0\0\0\xc0", &call(2)])).as_deref(),
            Some("http:/")
        );
    }

    #[test]
    fn an_address_that_is_computed_is_none() {
        let address: &[u8] = b"\x17\x06\x00http:/";

        assert_eq!(link(&tokens(&[address, b"\x44\0\0\0\xc0\x08", &[0x42, 1, 0x67, 0x01]])), None);
        assert_eq!(link(&tokens(&[address, &[0x42, 1, 0x04, 0x00]])), None);
        assert_eq!(link(b"\x17\xff\x01a"), None);
    }
}
