//! Many lines in few statements.

/// How many lines one statement takes. Few sizes, so that the engines keep the prepared statements; the
/// largest stays far below the 32,766 parameters that SQLite allows.
const SIZES: [usize; 5] = [256, 64, 16, 4, 1];

/// Cuts `items` into runs of one of the sizes, in order.
pub(crate) fn chunks<T>(items: &[T]) -> impl Iterator<Item = &[T]> {
    let mut rest = items;
    std::iter::from_fn(move || {
        let size = SIZES.into_iter().find(|size| *size <= rest.len())?;
        let (chunk, after) = rest.split_at(size);
        rest = after;
        Some(chunk)
    })
}

/// `head` followed by the parameters of `lines` lines with `columns` columns each: `($1, $2), ($3, $4)`.
pub(crate) fn with_values(head: &str, lines: usize, columns: usize) -> String {
    let mut text = String::with_capacity(head.len() + 10 + lines * columns * 6);
    text.push_str(head);
    text.push_str(" values ");
    for line in 0..lines {
        text.push_str(if line == 0 { "(" } else { ", (" });
        for column in 1..=columns {
            if column > 1 {
                text.push_str(", ");
            }
            text.push('$');
            text.push_str(&(line * columns + column).to_string());
        }
        text.push(')');
    }
    text
}

/// A list of `count` parameters, the first of which is `$first`: `($4, $5)`.
pub(crate) fn parameters(first: usize, count: usize) -> String {
    let each: Vec<String> = (first..first + count).map(|number| format!("${number}")).collect();
    format!("({})", each.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_in_one_chunk_and_in_order() {
        let items: Vec<u32> = (0..683).collect();

        let sizes: Vec<usize> = chunks(&items).map(<[u32]>::len).collect();
        let again: Vec<u32> = chunks(&items).flatten().copied().collect();

        assert_eq!(sizes, [256, 256, 64, 64, 16, 16, 4, 4, 1, 1, 1]);
        assert_eq!(again, items);
        assert_eq!(chunks::<u32>(&[]).count(), 0);
    }

    #[test]
    fn parameters_are_counted_through_all_lines() {
        let text = with_values("insert into t (a, b)", 2, 2);

        assert_eq!(text, "insert into t (a, b) values ($1, $2), ($3, $4)");
    }

    #[test]
    fn a_list_of_parameters_goes_on_where_it_should() {
        assert_eq!(parameters(4, 2), "($4, $5)");
    }
}
