//! Updates by hand, as no engine would write them.

/// The bytes of one block.
#[derive(Clone)]
pub struct Bytes(pub Vec<u8>);

/// Where a block stands: the start of its bytes.
pub struct At(u8, Vec<u8>);

impl At {
    /// Right after an element.
    pub fn after(writer: u64, clock: u32) -> Self {
        Self(0x80, [id(writer, clock)].concat())
    }

    /// Between two elements.
    pub fn between(left: (u64, u32), right: (u64, u32)) -> Self {
        Self(0xc0, [id(left.0, left.1), id(right.0, right.1)].concat())
    }

    /// Left of an element.
    pub fn before(right: (u64, u32)) -> Self {
        Self(0x40, id(right.0, right.1))
    }

    /// Under a key of the map that an element made.
    pub fn under(parent: (u64, u32), key: &str) -> Self {
        Self(0x20, [vec![0], id(parent.0, parent.1), string(key)].concat())
    }

    /// In the text that an element made.
    pub fn inside(parent: (u64, u32)) -> Self {
        Self(0, [vec![0], id(parent.0, parent.1)].concat())
    }

    /// Under a key of a root.
    pub fn at_root(root: &str, key: &str) -> Self {
        Self(0x20, [vec![1], string(root), string(key)].concat())
    }

    /// In a root, under no key.
    pub fn in_root(root: &str) -> Self {
        Self(0, [vec![1], string(root)].concat())
    }

    pub fn content(self, kind: u8, content: &[u8]) -> Bytes {
        Bytes([&[self.0 | kind], self.1.as_slice(), content].concat())
    }

    pub fn deleted(self, len: u32) -> Bytes {
        self.content(1, &var(u64::from(len)))
    }

    pub fn letters(self, letters: &str) -> Bytes {
        self.content(4, &string(letters))
    }

    pub fn map(self) -> Bytes {
        self.content(7, &[1])
    }

    /// Small integers.
    pub fn values(self, numbers: &[u8]) -> Bytes {
        let values: Vec<u8> = numbers.iter().flat_map(|number| [125, *number]).collect();
        self.content(8, &[var(numbers.len() as u64), values].concat())
    }

    pub fn value(self, any: &[u8]) -> Bytes {
        self.content(8, &[&[1], any].concat())
    }
}

fn id(writer: u64, clock: u32) -> Vec<u8> {
    [var(writer), var(u64::from(clock))].concat()
}

pub fn string(text: &str) -> Vec<u8> {
    [var(text.len() as u64), text.as_bytes().to_vec()].concat()
}

pub fn var(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// Blocks of one writer from a clock on.
pub type Blocks<'a> = (u64, u32, &'a [Vec<u8>]);

/// An update by hand: blocks, and deletions as (start, length).
pub fn update(sections: &[Blocks<'_>], deletions: &[(u64, &[(u32, u32)])]) -> Vec<u8> {
    let mut update = var(sections.len() as u64);
    for (writer, clock, blocks) in sections {
        update.extend([var(blocks.len() as u64), id(*writer, *clock)].concat());
        update.extend(blocks.concat());
    }
    update.extend(var(deletions.len() as u64));
    for (writer, ranges) in deletions {
        update.extend([var(*writer), var(ranges.len() as u64)].concat());
        for (start, len) in *ranges {
            update.extend(id(u64::from(*start), *len));
        }
    }
    update
}

/// An update of one block of writer 10 from clock 0.
pub fn lone(block: Bytes) -> Vec<u8> {
    update(&[(10, 0, &[block.0])], &[])
}
