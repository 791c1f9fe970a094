//! A data directory of an earlier version is brought up to date from the store.

use std::fs;
use std::path::{Path, PathBuf};

use crate::store_world::{CHINA, SOY, SUGAR, USA, World, csv, file};

/// The segments below a data directory.
fn segments(world: &World) -> Vec<PathBuf> {
    let stores = fs::read_dir(world.dir.path().join("cube")).unwrap();
    stores.flat_map(|store| fs::read_dir(store.unwrap().path()).unwrap()).map(|entry| entry.unwrap().path()).collect()
}

/// Makes a segment what the first format was: without the table of customs, and numbered 1.
fn age(segment: &Path) {
    for entry in fs::read_dir(segment).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_string_lossy().starts_with("customs") {
            fs::remove_file(&path).unwrap();
            continue;
        }
        // A text of one letter, as the number of the format is written.
        let mut bytes = fs::read(&path).unwrap();
        let places: Vec<usize> =
            bytes.windows(6).enumerate().filter(|(_, six)| *six == b"\x01\0\0\x002\0").map(|(at, _)| at + 4).collect();
        assert!(!places.is_empty());
        places.into_iter().for_each(|at| bytes[at] = b'1');
        fs::write(&path, bytes).unwrap();
    }
}

#[tokio::test]
async fn a_segment_of_the_first_format_is_built_anew() {
    let world = World::new().await;
    world.load(&file(&[(2024, 1, SOY, CHINA, 700), (2024, 2, SUGAR, USA, 300)])).await;
    let found = segments(&world);
    assert_eq!(found.len(), 1);
    let files = fs::read_dir(&found[0]).unwrap().count();
    let wanted = csv(&world.restarted().await, "drilldowns=urf,ncm&measures=fob,qt").await;
    assert_eq!(wanted.lines().count(), 3);
    age(&found[0]);
    assert_eq!(csv(&world.restarted().await, "drilldowns=urf,ncm&measures=fob,qt").await, wanted);
    assert_eq!(fs::read_dir(&found[0]).unwrap().count(), files);

    // A slice over an old segment is merged from the store's rows.
    age(&found[0]);
    world.slice(&file(&[(2024, 2, SUGAR, USA, 301)])).await;
    let after = csv(&world.restarted().await, "drilldowns=urf,ncm&measures=fob,qt&sort=ncm").await;
    insta::assert_snapshot!(after, @r#"
urf,urf_name,ncm,ncm_description,fob,qt,qt_unit
0817800,,12019000,,700,700,10
0817800,,17011400,,301,301,10
    "#);
}
