//! Reading lib0 bytes: integers, texts and plain values, never trusting a length.

use std::collections::BTreeMap;

use tablee_domain::table::Plain;

use super::Refusal::{self, Malformed, Shape, TooLarge};
use crate::value::is_fit_map_key;

/// A cursor over bytes that somebody sent.
pub(crate) struct Bytes<'u> {
    all: &'u [u8],
    at: usize,
}

// Tags of lib0's `any` encoding.
const UNDEFINED: u8 = 127;
const NULL: u8 = 126;
const INTEGER: u8 = 125;
const FLOAT32: u8 = 124;
const FLOAT64: u8 = 123;
const BIGINT: u8 = 122;
const FALSE: u8 = 121;
const TRUE: u8 = 120;
const TEXT: u8 = 119;
const MAP: u8 = 118;
const LIST: u8 = 117;
const BINARY: u8 = 116;

const CUT: Refusal = Malformed("cut off");

impl<'u> Bytes<'u> {
    pub(crate) fn new(all: &'u [u8]) -> Self {
        Self { all, at: 0 }
    }

    pub(crate) fn left(&self) -> usize {
        self.all.len() - self.at
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Refusal> {
        let byte = *self.all.get(self.at).ok_or(CUT)?;
        self.at += 1;
        Ok(byte)
    }

    fn take(&mut self, n: usize) -> Result<&'u [u8], Refusal> {
        if n > self.left() {
            return Err(CUT);
        }
        let from = self.at;
        self.at += n;
        Ok(&self.all[from..self.at])
    }

    /// An unsigned integer of at most 53 bits: beyond, the engines disagree.
    pub(crate) fn integer(&mut self) -> Result<u64, Refusal> {
        let mut number = 0u64;
        for shift in (0..56).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return if number < 1 << 53 { Ok(number) } else { Err(Malformed("over 53 bits")) };
            }
        }
        Err(Malformed("integer too long"))
    }

    /// An unsigned integer of at most 32 bits.
    pub(crate) fn small(&mut self) -> Result<u32, Refusal> {
        u32::try_from(self.integer()?).map_err(|_| Malformed("over 32 bits"))
    }

    /// How many things follow, each of at least one byte: never more than there are bytes.
    fn length(&mut self) -> Result<usize, Refusal> {
        let n = self.small()? as usize;
        if n > self.left() { Err(CUT) } else { Ok(n) }
    }

    /// The same, of things that are limited in number.
    pub(crate) fn count(&mut self, limit: usize, what: &'static str) -> Result<usize, Refusal> {
        self.length().and_then(|n| if n > limit { Err(TooLarge(what)) } else { Ok(n) })
    }

    pub(crate) fn text(&mut self) -> Result<&'u str, Refusal> {
        let n = self.length()?;
        std::str::from_utf8(self.take(n)?).map_err(|_| Malformed("not UTF-8"))
    }

    /// Walks over one plain value and returns its bytes. Iterative: a frame of nested lists must not be able
    /// to exhaust the stack. What no document may hold is refused on the way.
    pub(crate) fn value(&mut self) -> Result<&'u [u8], Refusal> {
        let from = self.at;
        let mut open = [(false, 0usize); Plain::MAX_DEPTH];
        let mut depth = 0;
        loop {
            match self.byte()? {
                tag @ (MAP | LIST) => {
                    let n = self.length()?;
                    let level = open.get_mut(depth).ok_or(TooLarge("nesting"))?;
                    *level = (tag == MAP, n);
                    depth += 1;
                }
                tag => self.scalar(tag)?,
            }
            while depth > 0 && open[depth - 1].1 == 0 {
                depth -= 1;
            }
            if depth == 0 {
                return Ok(&self.all[from..self.at]);
            }
            let (is_map, left) = &mut open[depth - 1];
            *left -= 1;
            if *is_map && !is_fit_map_key(self.text()?) {
                return Err(Shape("key of a map"));
            }
        }
    }

    fn scalar(&mut self, tag: u8) -> Result<(), Refusal> {
        match tag {
            NULL | TRUE | FALSE => Ok(()),
            INTEGER => self.signed().map(|_| ()),
            FLOAT32 => finite(f64::from(self.float32()?)).map(|_| ()),
            FLOAT64 => finite(self.float64()?).map(|_| ()),
            TEXT => without_nul(self.text()?).map(|_| ()),
            UNDEFINED => Err(Shape("undefined")),
            BIGINT => Err(Shape("bigint")),
            BINARY => Err(Shape("binary")),
            _ => Err(Malformed("unknown kind of value")),
        }
    }

    fn float32(&mut self) -> Result<f32, Refusal> {
        let mut bytes = [0; 4];
        bytes.copy_from_slice(self.take(4)?);
        Ok(f32::from_be_bytes(bytes))
    }

    fn float64(&mut self) -> Result<f64, Refusal> {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(self.take(8)?);
        Ok(f64::from_be_bytes(bytes))
    }

    /// lib0's signed integer: one bit that there is more, one of sign and six of the number, then sevens.
    fn signed(&mut self) -> Result<f64, Refusal> {
        let first = self.byte()?;
        let mut number = u64::from(first & 0x3f);
        let mut more = first >= 0x80;
        let mut shift = 6;
        while more {
            if shift >= 56 {
                return Err(Malformed("integer too long"));
            }
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            more = byte >= 0x80;
        }
        if number >= 1 << 53 {
            return Err(Malformed("over 53 bits"));
        }
        Ok(if first & 0x40 == 0 { number as f64 } else { -(number as f64) })
    }

    /// The plain value here. Only for bytes that [`Bytes::value`] walked over: it bounded their nesting.
    fn plain(&mut self) -> Result<Plain, Refusal> {
        Ok(match self.byte()? {
            NULL => Plain::Null,
            TRUE => Plain::Bool(true),
            FALSE => Plain::Bool(false),
            INTEGER => Plain::Number(self.signed()?),
            FLOAT32 => Plain::Number(f64::from(self.float32()?)),
            FLOAT64 => Plain::Number(self.float64()?),
            TEXT => Plain::Text(self.text()?.to_owned()),
            LIST => {
                let n = self.small()?;
                Plain::List((0..n).map(|_| self.plain()).collect::<Result<_, _>>()?)
            }
            MAP => {
                let n = self.small()?;
                let mut map = BTreeMap::new();
                for _ in 0..n {
                    let key = self.text()?.to_owned();
                    map.insert(key, self.plain()?);
                }
                Plain::Map(map)
            }
            _ => return Err(Malformed("unknown kind of value")),
        })
    }
}

fn finite(number: f64) -> Result<f64, Refusal> {
    if number.is_finite() { Ok(number) } else { Err(Shape("a number that is not finite")) }
}

/// Refuses U+0000, which PostgreSQL cannot hold.
pub(crate) fn without_nul(text: &str) -> Result<&str, Refusal> {
    if text.as_bytes().contains(&0) { Err(Shape("U+0000")) } else { Ok(text) }
}

/// Decodes the bytes of one value that [`Bytes::value`] returned.
pub(crate) fn plain(bytes: &[u8]) -> Result<Plain, Refusal> {
    Bytes::new(bytes).plain()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::to_any;

    fn walk(bytes: &[u8]) -> Result<Plain, Refusal> {
        let mut all = Bytes::new(bytes);
        let value = all.value()?;
        assert_eq!(value.len(), bytes.len());
        plain(value)
    }

    #[test]
    fn values_are_read_as_the_engine_writes_them() {
        let numbers =
            [0.0, 1.0, -1.0, 63.0, 64.0, -64.0, 8191.0, 8192.0, 2_147_483_647.0, 1e15, 0.1, 1e300];
        for number in numbers {
            let mut bytes = Vec::new();
            to_any(&Plain::Number(number)).encode(&mut bytes);

            assert_eq!(walk(&bytes), Ok(Plain::Number(number)), "{number}");
        }
    }

    #[test]
    fn nesting_stops_at_four() {
        let nested = |n: usize| [[117u8, 1].repeat(n), vec![126]].concat();

        assert!(walk(&nested(4)).is_ok());
        assert_eq!(walk(&nested(5)), Err(TooLarge("nesting")));
        assert_eq!(walk(&nested(200_000)), Err(TooLarge("nesting")));
    }

    #[test]
    fn what_no_table_holds_is_refused() {
        for (bytes, reason) in [
            (&[127u8][..], Shape("undefined")),
            (&[122, 0, 0, 0, 0, 0, 0, 0, 1], Shape("bigint")),
            (&[116, 1, 7], Shape("binary")),
            (&[124, 0x7f, 0x80, 0, 0], Shape("a number that is not finite")),
            (&[123, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0], Shape("a number that is not finite")),
            (&[119, 1, 0], Shape("U+0000")),
            (&[118, 1, 1, 0, 126], Shape("key of a map")),
            (&[117, 0xff, 0xff, 0xff, 0x7a], CUT),
            (&[119, 1, 0xff], Malformed("not UTF-8")),
            (&[3], Malformed("unknown kind of value")),
            (&[], CUT),
        ] {
            assert_eq!(walk(bytes), Err(reason), "{bytes:?}");
        }
    }
}
