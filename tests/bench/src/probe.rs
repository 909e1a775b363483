use crate::*;
use std::time::Instant;
use sqlx::sqlite::SqliteConnectOptions;

fn med(mut v: Vec<u128>) -> u128 { v.sort(); v[v.len()/2] }
pub(crate) async fn probe() -> Result<(), Failure> {
    let dir = tempfile::TempDir::new_in(".")?;
    let pool = sqlx::SqlitePool::connect_with(SqliteConnectOptions::new().filename(dir.path().join("a.db")).create_if_missing(true)).await?;
    sqlx::raw_sql("CREATE TABLE t(a text, b text)").execute(&pool).await?;
    let mut a = vec![]; let mut b = vec![]; let mut c = vec![]; let mut d=vec![];
    for _ in 0..500 {
        let t = Instant::now();
        { let mut k = pool.acquire().await?; a.push(t.elapsed().as_nanos());
        let t = Instant::now();
        let r = sqlx::raw_sql("SELECT a, b FROM t").fetch_all(&mut *k).await?; let _ = r.len();
        b.push(t.elapsed().as_nanos());
        let t = Instant::now();
        let r = sqlx::query("SELECT a, b FROM t").fetch_all(&mut *k).await?; let _ = r.len();
        c.push(t.elapsed().as_nanos());
        let t = Instant::now();
        drop(k);
        d.push(t.elapsed().as_nanos());
        }
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    println!("acquire {} raw {} prepared {} drop {}", med(a), med(b), med(c), med(d));
    Ok(())
}
