//! Statements that are sent together: one text, one round trip.

use futures_util::stream::{Stream, StreamExt as _};
use sqlx::Either;

use super::backend::Ended;

/// Statements joined into one text.
pub(in crate::database) struct Joined {
    pub(in crate::database) text: String,
    /// Where each statement begins.
    #[cfg(feature = "postgres")]
    starts: Vec<usize>,
}

impl Joined {
    /// The statements behind `before`, which is SQL of ours that ends with a semicolon.
    pub(in crate::database) fn new(before: String, statements: &[&str]) -> Self {
        let mut text = before;
        #[cfg(feature = "postgres")]
        let mut starts = Vec::with_capacity(statements.len());
        for sql in statements {
            #[cfg(feature = "postgres")]
            starts.push(text.len());
            text.push_str(sql);
            // On a line of its own, because a statement may end with a comment.
            text.push_str("\n;");
        }
        Self {
            text,
            #[cfg(feature = "postgres")]
            starts,
        }
    }

    /// The statement at that byte, and the byte within it; `None` for what is ours.
    #[cfg(feature = "postgres")]
    pub(in crate::database) fn place(&self, byte: usize) -> Option<(usize, usize)> {
        let index = self
            .starts
            .partition_point(|start| *start <= byte)
            .checked_sub(1)?;
        Some((index, byte - self.starts[index]))
    }
}

/// Reads results to their end. Gives back how many statements had ended where one fails; the first `ours` of them
/// are not told of.
pub(in crate::database) async fn results<R, D>(
    mut results: impl Stream<Item = Result<Either<D, R>, sqlx::Error>> + Unpin,
    ours: usize,
    ended: Ended<'_>,
) -> Result<(), (usize, sqlx::Error)> {
    let mut count = 0;
    while let Some(result) = results.next().await {
        match result {
            Ok(Either::Left(_)) => {
                if let Some(index) = usize::checked_sub(count, ours) {
                    ended(index);
                }
                count += 1;
            }
            Ok(Either::Right(_)) => {}
            Err(error) => return Err((count, error)),
        }
    }
    Ok(())
}
