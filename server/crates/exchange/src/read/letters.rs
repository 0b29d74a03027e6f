//! How the letters of a table of text are kept. Found out by its bytes, and told.

use std::borrow::Cow;

use encoding_rs::{Encoding, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::error::{FileError, Lookalike};

/// Bytes that are looked at to find text in two bytes a letter.
const LOOKED_AT: usize = 64 << 10;

/// The text of a file, and the name of how it was kept: by its mark, else UTF-8, else two bytes a letter,
/// else what Windows or an old Macintosh writes in France.
pub(super) fn decoded(bytes: &[u8]) -> Result<(Cow<'_, str>, String), FileError> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return settled(encoding.decode_without_bom_handling(&bytes[mark..]).0, encoding.name());
    }
    if bytes.contains(&0) {
        let encoding = of_two_bytes(bytes).ok_or(FileError::NotAWorkbook(Lookalike::Other))?;
        return settled(encoding.decode_without_bom_handling(bytes).0, encoding.name());
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return settled(Cow::Borrowed(text), UTF_8.name());
    }
    let encoding = of_one_byte(bytes);
    if encoding == WINDOWS_1252 && has_lines_of_utf8(bytes) {
        return settled(line_by_line(bytes).into(), "UTF-8, windows-1252");
    }
    settled(encoding.decode_without_bom_handling(bytes).0, encoding.name())
}

fn settled<'b>(text: Cow<'b, str>, encoding: &str) -> Result<(Cow<'b, str>, String), FileError> {
    // No text holds it; what does is something else that begins like text.
    if text.contains('\0') {
        return Err(FileError::NotAWorkbook(Lookalike::Other));
    }
    Ok((text, encoding.to_owned()))
}

/// UTF-16 without its mark: nearly every second byte is zero, always on the same side.
fn of_two_bytes(bytes: &[u8]) -> Option<&'static Encoding> {
    if !bytes.len().is_multiple_of(2) {
        return None;
    }
    let pairs = || bytes[..bytes.len().min(LOOKED_AT)].chunks_exact(2);
    let count = pairs().count();
    let high_first = pairs().filter(|pair| pair[0] == 0).count();
    let high_last = pairs().filter(|pair| pair[1] == 0).count();
    let is_most = |here: usize, there: usize| here * 10 >= count * 7 && there * 50 <= count;
    if is_most(high_last, high_first) {
        Some(UTF_16LE)
    } else if is_most(high_first, high_last) {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Which of the two makes French letters of the bytes beyond ASCII: where one of them writes `é`, the other
/// shows a sign or a capital that French hardly has.
fn of_one_byte(bytes: &[u8]) -> &'static Encoding {
    const WINDOWS: &[u8] = b"\xe9\xe8\xe0\xe7\xea\xf4\xee\xfb\xf9\xeb\xef\xe2";
    const MAC: &[u8] = b"\x8e\x8f\x88\x8d\x90\x99\x94\x9e\x9d\x91\x95\x89";

    let (mut windows, mut mac) = (0_usize, 0_usize);
    for byte in bytes.iter().filter(|byte| !byte.is_ascii()) {
        windows += usize::from(WINDOWS.contains(byte));
        mac += usize::from(MAC.contains(byte));
    }
    if mac > windows { MACINTOSH } else { WINDOWS_1252 }
}

fn has_lines_of_utf8(bytes: &[u8]) -> bool {
    let of_letters = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_ascii());
    of_letters.into_iter().any(|line| std::str::from_utf8(line).is_ok())
}

/// A file that was put together from two: each line by itself.
fn line_by_line(bytes: &[u8]) -> String {
    let lines = bytes.split_inclusive(|byte| *byte == b'\n');
    lines
        .map(|line| match std::str::from_utf8(line) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => WINDOWS_1252.decode_without_bom_handling(line).0,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (String, String) {
        let (text, encoding) = decoded(bytes).unwrap();
        (text.into_owned(), encoding)
    }

    #[test]
    fn french_text_is_read_however_it_was_kept() {
        let text = "Intitulé;Coût\nŒuvrer à l'été;1 200 €\n";
        let utf16 = |to: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to).collect::<Vec<u8>>();

        let kept: [(&str, Vec<u8>); 6] = [
            ("UTF-8", text.into()),
            ("UTF-8", [b"\xef\xbb\xbf", text.as_bytes()].concat()),
            ("windows-1252", WINDOWS_1252.encode(text).0.into_owned()),
            ("UTF-16LE", utf16(u16::to_le_bytes)),
            ("UTF-16BE", utf16(u16::to_be_bytes)),
            ("UTF-16BE", [b"\xfe\xff".to_vec(), utf16(u16::to_be_bytes)].concat()),
        ];

        for (encoding, bytes) in kept {
            assert_eq!(read(&bytes), (text.to_owned(), encoding.to_owned()));
        }
    }

    #[test]
    fn an_old_macintosh_is_told_from_windows() {
        let (text, encoding) = read(b"Intitul\x8e;Co\x9et\n\x83lus \x88 c\x99t\x8e;x\n");

        assert_eq!(
            (text.as_str(), encoding.as_str()),
            ("Intitulé;Coût\nÉlus à côté;x\n", "macintosh")
        );
    }

    #[test]
    fn a_file_put_together_from_two_is_read_line_by_line() {
        let (text, encoding) = read(
            "Durée\n".as_bytes().iter().chain(b"Co\xfbt\n").copied().collect::<Vec<_>>().as_slice(),
        );

        assert_eq!((text.as_str(), encoding.as_str()), ("Durée\nCoût\n", "UTF-8, windows-1252"));
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        for bytes in [&b"a;b\0c"[..], b"\0\0\0\0", b"a\0\0b", b"\xff\xfea\0\0\0"] {
            assert_eq!(decoded(bytes).unwrap_err(), FileError::NotAWorkbook(Lookalike::Other));
        }
    }
}
