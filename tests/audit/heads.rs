//! A head that was noted elsewhere shows what the log itself cannot: that its end, or all of it, was taken away.

use std::fs;

use sluicegate::audit::{AuditError, AuditSettings, HeadFound, ShippedHead, head, verify_heads};

use crate::{Folder, START, check, keys, open, record, record_range, written};

fn shipped(folder: &Folder) -> ShippedHead {
    let head = head(&folder.log(), &keys(0), |at| Some(at.to_string())).unwrap().unwrap();
    // It goes through a mail.
    let line = format!("> the head of today is\r\n> \"{head}\"\r\n");
    let mut heads = ShippedHead::all_in(&line);
    assert_eq!(heads.len(), 1, "{line}");
    let read = heads.remove(0).unwrap();
    assert_eq!(read, head);
    read
}

fn found(folder: &Folder, head: &ShippedHead) -> HeadFound {
    verify_heads(&folder.log(), &keys(0), std::slice::from_ref(head)).unwrap().1[0]
}

#[test]
fn a_noted_head_shows_what_was_taken_away() {
    let folder = written(30);
    let thirty = shipped(&folder);
    assert_eq!((thirty.seq(), thirty.key()), (30, keys(0).id()));
    assert!(thirty.to_string().ends_with(&(START + 29 * 60_000).to_string()), "{thirty}");
    assert_eq!(found(&folder, &thirty), HeadFound::Unchanged);
    let before = (fs::read(folder.log()).unwrap(), fs::read(folder.head()).unwrap());
    record_range(&open(&AuditSettings::new(folder.log())), 30..50);
    let fifty = shipped(&folder);
    assert_eq!((found(&folder, &thirty), found(&folder, &fifty)), (HeadFound::Unchanged, HeadFound::Unchanged));

    // The log and its head put back together: only the noted head tells.
    fs::write(folder.log(), &before.0).unwrap();
    fs::write(folder.head(), &before.1).unwrap();
    let (verified, heads) = verify_heads(&folder.log(), &keys(0), &[thirty.clone(), fifty.clone()]).unwrap();
    assert!(verified.is_whole());
    assert_eq!(heads, [HeadFound::Unchanged, HeadFound::CutOff]);
    // And grown again, as if nothing had been.
    record_range(&open(&AuditSettings::new(folder.log())), 60..90);
    assert_eq!((found(&folder, &thirty), found(&folder, &fifty)), (HeadFound::Unchanged, HeadFound::Other));

    // A line of the middle removed: the head of that line is missing, the others are there.
    let mut lines = folder.lines();
    lines.remove(29);
    fs::write(folder.log(), lines.join("\n") + "\n").unwrap();
    assert_eq!(found(&folder, &thirty), HeadFound::Missing);

    // All of it deleted, and begun anew.
    fs::remove_file(folder.log()).unwrap();
    fs::remove_file(folder.head()).unwrap();
    let error = verify_heads(&folder.log(), &keys(0), std::slice::from_ref(&fifty)).unwrap_err();
    assert!(matches!(error, AuditError::NoLog { .. }), "{error}");
    record_range(&open(&AuditSettings::new(folder.log())), 0..10);
    assert_eq!(found(&folder, &fifty), HeadFound::CutOff);

    let line = fifty.to_string().replacen(&keys(0).id().to_string(), &keys(9).id().to_string(), 1);
    assert_eq!(found(&folder, &line.parse().unwrap()), HeadFound::OtherKey);
}

#[test]
fn a_head_older_than_what_is_kept_is_neither_proof_nor_fault() {
    let folder = Folder::new();
    let mut settings = AuditSettings::new(folder.log());
    (settings.rotate_bytes, settings.keep_days) = (4_000, 10);
    let mut heads = Vec::new();
    for day in 0..40 {
        let log = open(&settings);
        for hour in 0..24 {
            let (mut event, verdict) = check(0);
            event.at = START + (day * 24 + hour) * 3_600_000;
            record(&log, &event, &verdict);
        }
        drop(log);
        heads.push(shipped(&folder));
    }
    let (verified, found) = verify_heads(&folder.log(), &keys(0), &heads).unwrap();
    assert!(verified.is_whole());
    let old = found.iter().filter(|found| **found == HeadFound::TooOld).count();
    assert!((20..35).contains(&old), "{found:?}");
    assert!(found[..old].iter().all(|found| *found == HeadFound::TooOld), "{found:?}");
    assert!(found[old..].iter().all(|found| *found == HeadFound::Unchanged), "{found:?}");
}

#[test]
fn what_is_no_head_is_told() {
    let good = "sluicegate-head/1a2b3c4d/4711/00112233445566778899aabbccddeeff/2025-11-24T16:00Z";
    assert_eq!(good.parse::<ShippedHead>().unwrap().to_string(), good);
    let cases = [
        (&good[..60], "has not the form"),
        (&good.replace("1a2b", "1a2x"), "8 hexadecimal digits"),
        (&good.replace("4711", "-1"), "its number"),
        (&good.replace("eeff", "ee"), "its seal"),
        (&good.replace("aabb", "AABB"), "its seal"),
    ];
    for (line, told) in cases {
        let error = line.parse::<ShippedHead>().unwrap_err().to_string();
        assert!(error.contains(told), "{line}: {error}");
    }
    assert_eq!(ShippedHead::all_in("no head at all").len(), 0);
    assert_eq!(ShippedHead::all_in(&format!("{good}\n{good},{good}\n")).iter().filter(|head| head.is_ok()).count(), 1);
}
