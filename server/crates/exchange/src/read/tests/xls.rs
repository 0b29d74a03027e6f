//! Workbooks of Excel 97 made by hand, record by record.

/// A record.
pub fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let size = u16::try_from(data.len()).unwrap();
    [&kind.to_le_bytes(), &size.to_le_bytes(), data].concat()
}

/// The numbers of a record, two bytes each.
pub fn words(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// A text with its length in two bytes, two bytes a letter.
pub fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    [words(&[u16::try_from(units.len()).unwrap()]), vec![1], words(&units)].concat()
}

const END: u16 = 0x000a;

/// The first record: of the workbook (5) or of a sheet (16).
pub fn begin(what: u16) -> Vec<u8> {
    record(0x0809, &words(&[0x0600, what, 0, 0, 0, 0, 0, 0]))
}

/// The stream of a workbook: its own records, then sheets by name, state and records.
pub fn stream(own: &[u8], sheets: &[(&str, u8, Vec<u8>)]) -> Vec<u8> {
    let named = |offsets: &[u32]| -> Vec<u8> {
        let bounds =
            sheets.iter().zip(offsets).map(|((name, state, _), at)| bound(name, *state, *at));
        [begin(5), own.to_vec(), bounds.collect::<Vec<_>>().concat(), record(END, &[])].concat()
    };
    let mut at = named(&vec![0; sheets.len()]).len();
    let mut offsets = Vec::new();
    let mut bodies = Vec::new();
    for (_, _, records) in sheets {
        let body = [begin(16), records.clone(), record(END, &[])].concat();
        offsets.push(u32::try_from(at).unwrap());
        at += body.len();
        bodies.push(body);
    }
    [named(&offsets), bodies.concat()].concat()
}

/// A sheet, as the workbook lists it.
fn bound(name: &str, state: u8, offset: u32) -> Vec<u8> {
    let units: Vec<u16> = name.encode_utf16().collect();
    let head = [&offset.to_le_bytes()[..], &[state, 0, units.len() as u8, 1]].concat();
    record(0x0085, &[head, words(&units)].concat())
}

/// A workbook in which many tabs show one and the same sheet.
pub fn one_sheet_on_many_tabs(tabs: usize, records: &[u8]) -> Vec<u8> {
    let named = |offset| -> Vec<u8> {
        let bounds = (0..tabs).flat_map(|at| bound(&format!("S{at:02}"), 0, offset));
        [begin(5), bounds.collect(), record(END, &[])].concat()
    };
    let offset = named(0).len() as u32;
    [named(offset), begin(16), records.to_vec(), record(END, &[])].concat()
}

/// A file of old Office with one stream.
pub fn compound(name: &str, stream: &[u8]) -> Vec<u8> {
    const SECTOR: usize = 512;
    const LAST: u32 = 0xffff_fffe;
    const OF_THE_TABLE: u32 = 0xffff_fffd;

    // Streams below 4,096 bytes would stand among the small ones.
    let mut content = stream.to_vec();
    content.resize(content.len().max(4_096).next_multiple_of(SECTOR), 0);
    let sectors = content.len() / SECTOR;
    // One sector of the directory, then the stream, then the table; each of its sectors knows 128.
    let tables = (sectors + 1 + 127) / 127;
    let mut next: Vec<u32> = vec![LAST];
    next.extend((1..sectors as u32).map(|at| at + 1));
    next.push(LAST);
    next.extend(std::iter::repeat_n(OF_THE_TABLE, tables));
    next.resize(tables * 128, 0xffff_ffff);

    let mut header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    header.extend([0; 16]);
    header.extend(words(&[0x3e, 3, 0xfffe, 9, 6, 0, 0, 0]));
    let number = |header: &mut Vec<u8>, number: u32| header.extend(number.to_le_bytes());
    for word in [0, tables as u32, 0, 0, 4_096, LAST, 0, LAST, 0] {
        number(&mut header, word);
    }
    for at in 0..109 {
        let is_used = at < tables;
        number(&mut header, if is_used { (1 + sectors + at) as u32 } else { 0xffff_ffff });
    }
    let directory = [
        entry("Root Entry", 5, LAST, 0),
        entry(name, 2, 1, stream.len().max(4_096) as u32),
        vec![0; 256],
    ];
    let next: Vec<u8> = next.iter().flat_map(|id| id.to_le_bytes()).collect();
    [header, directory.concat(), content, next].concat()
}

fn entry(name: &str, kind: u8, start: u32, size: u32) -> Vec<u8> {
    let mut letters = words(&name.encode_utf16().collect::<Vec<_>>());
    let length = letters.len() as u16 + 2;
    letters.resize(64, 0);
    letters.extend(length.to_le_bytes());
    letters.extend([kind, 1]);
    letters.extend([0xff; 12]);
    letters.resize(116, 0);
    letters.extend(start.to_le_bytes());
    letters.extend(size.to_le_bytes());
    letters.resize(128, 0);
    letters
}

/// A workbook of one sheet with these records.
pub fn workbook(records: &[u8]) -> Vec<u8> {
    compound("Workbook", &stream(&[], &[("Formations", 0, records.to_vec())]))
}

/// A number.
pub fn number(row: u16, column: u16, style: u16, number: f64) -> Vec<u8> {
    record(0x0203, &[words(&[row, column, style]), number.to_le_bytes().to_vec()].concat())
}

/// A text that is not shared.
pub fn label(row: u16, column: u16, text: &str) -> Vec<u8> {
    record(0x0204, &[words(&[row, column, 0]), wide(text)].concat())
}

fn shared(row: u16, column: u16, text: u32) -> Vec<u8> {
    record(0x00fd, &[words(&[row, column, 0]), text.to_le_bytes().to_vec()].concat())
}

fn formula(row: u16, column: u16, value: [u8; 8], tokens: &[u8]) -> Vec<u8> {
    let head = words(&[row, column, 0]);
    let size = words(&[0, 0, 0, tokens.len() as u16]);
    record(0x0006, &[head, value.to_vec(), size, tokens.to_vec()].concat())
}

fn link(row: u16, column: u16, address: &str) -> Vec<u8> {
    let letters = [words(&address.encode_utf16().collect::<Vec<_>>()), vec![0, 0]].concat();
    let data = [
        words(&[row, row, column, column]),
        vec![0xaa; 16],
        [2_u32, 3].iter().flat_map(|word| word.to_le_bytes()).collect(),
        b"\xe0\xc9\xea\x79\xf9\xba\xce\x11\x8c\x82\x00\xaa\x00\x4b\xa9\x0b".to_vec(),
        (letters.len() as u32).to_le_bytes().to_vec(),
        letters,
    ];
    record(0x01b8, &data.concat())
}

/// A note: the thing drawn, its text, and the cell that it hangs on.
fn note(row: u16, column: u16, id: u16, text: &str) -> Vec<u8> {
    let letters: Vec<u16> = text.encode_utf16().collect();
    let drawn = record(0x005d, &words(&[0x15, 0x12, 25, id, 0, 0, 0, 0, 0, 0, 0]));
    let head = words(&[0, 0, 0, 0, 0, letters.len() as u16, 0, 0, 0]);
    let text = [vec![1], words(&letters)].concat();
    let hung = record(0x001c, &[words(&[row, column, 0, id, 0]), vec![0, 0]].concat());
    [drawn, record(0x01b6, &head), record(0x003c, &text), hung].concat()
}

/// Everything that a French office puts into such a file.
pub fn good() -> Vec<u8> {
    compound("Workbook", &good_stream())
}

/// Its records.
pub fn good_stream() -> Vec<u8> {
    // Two shared texts, the second going on in another record, there in two bytes a letter.
    let texts = [
        [2_u32, 2].iter().flat_map(|word| word.to_le_bytes()).collect(),
        words(&[5]),
        vec![8],
        words(&[1]),
        b"\xc9lus \0\0\0\0".to_vec(),
        words(&[6]),
        vec![0],
        b"c\x9cu".to_vec(),
    ];
    let more = [vec![1], words(&"x €".encode_utf16().collect::<Vec<_>>())].concat();
    let style = |format: u16| record(0x00e0, &words(&[0, format, 0, 0, 0, 0, 0, 0, 0, 0]));
    let own = [
        record(0x0022, &words(&[1])),
        record(0x041e, &[words(&[164]), wide("#,##0.00\\ \"€\"")].concat()),
        style(0),
        style(164),
        style(14),
        record(0x00fc, &texts.concat()),
        record(0x003c, &more),
    ]
    .concat();
    let text_to_come = [0, 0, 0, 0, 0, 0, 0xff, 0xff];
    let call = b"\x17\x0c\x00https://x.fr\x17\x03\x00ici\x42\x02\x67\x01";
    let several = [words(&[1, 4, 0]), (7_u32 << 2 | 2).to_le_bytes().to_vec(), words(&[1])];
    let several = [several.concat(), ((250_u32 << 2) | 3).to_le_bytes().to_vec(), words(&[5])];
    let first = [
        // A row hidden by a filter; a hidden column.
        record(0x0208, &words(&[2, 0, 9, 255, 0, 0, 0x20, 0])),
        record(0x007d, &words(&[8, 8, 0, 0, 1, 0])),
        shared(0, 0, 0),
        shared(0, 1, 1),
        // Rows out of their order.
        label(2, 0, "cachée"),
        number(1, 0, 0, 1200.0),
        number(1, 1, 1, 1200.0),
        number(1, 2, 2, 44_266.0),
        record(0x027e, &[words(&[1, 3, 0]), (14_u32 << 2 | 2).to_le_bytes().to_vec()].concat()),
        record(0x00bd, &several.concat()),
        record(0x0205, &[words(&[1, 6, 0]), vec![1, 0]].concat()),
        record(0x0205, &[words(&[1, 7, 0]), vec![0x2a, 1]].concat()),
        label(1, 8, "colonne cachée"),
        formula(3, 0, text_to_come, call),
        record(0x0207, &wide("ici")),
        formula(3, 1, 2400_f64.to_le_bytes(), b"\x44\0\0\0\0"),
        formula(3, 2, [2, 0, 0x17, 0, 0, 0, 0xff, 0xff], b""),
        formula(3, 3, [1, 0, 1, 0, 0, 0, 0xff, 0xff], b""),
        formula(3, 4, [3, 0, 0, 0, 0, 0, 0xff, 0xff], b""),
        label(4, 0, "Lien"),
        link(4, 0, "https://lien.fr/page"),
        note(4, 0, 7, "Louise:\nvérifié"),
        record(0x00e5, &words(&[1, 5, 6, 0, 0])),
        // A chart on the sheet, with a cell that is none of it.
        begin(32),
        number(9, 9, 0, 1.0),
        record(END, &[]),
    ];
    let sheets = [
        ("Formations", 0, first.concat()),
        ("Listes", 1, label(0, 0, "x")),
        ("Très cachée", 2, label(0, 0, "y")),
    ];
    stream(&own, &sheets)
}
