//! `larmor-process`, run as a user runs it.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use larmor_fixtures::instruments::magritek::{ACQU, POINTS, data};
use larmor_fixtures::instruments::stored_line;
use larmor_fixtures::test_data;
use serde_json::Value;

fn larmor(arguments: &[&Path]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_larmor-process")).args(arguments).output().unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn a_tree_gives_one_line_a_dataset_with_reasons_for_what_was_skipped() {
    let tree = test_data("nmredata/arborinine_full_assignments");
    let output = larmor(&[&tree, Path::new("--json")]);
    assert!(output.status.success(), "{output:?}");
    let lines = lines(&output);
    assert_eq!(lines.len(), 6);
    let skipped: Vec<&str> = lines.iter().filter_map(|l| l["skipped"].as_str()).collect();
    assert_eq!(skipped, ["unsupported: two or more dimensions (ser)"; 3]);
    let carbon = lines.iter().find(|l| l["experiment"] == "1D" && l["nucleus"] == "13C").unwrap();
    assert_eq!(carbon["vendor"], "bruker");
    assert_eq!(carbon["solvent"], "CDCl3");
    assert_eq!(carbon["referencing"]["method"], "solvent");
    assert_eq!(carbon["processing"][0]["step"], "group_delay");
    let peaks = carbon["peaks"].as_array().unwrap();
    assert_eq!(peaks.iter().filter(|p| p["class"] == "compound").count(), 16);
    for name in ["ppm", "intensity", "width_hz", "area", "signal_to_noise"] {
        assert!(peaks[0][name].is_f64(), "{name}");
    }
    assert!(peaks[0].get("multiplicity").is_some());
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn a_failure_is_reported_in_its_place_and_by_the_exit_status() {
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("10");
    fs::create_dir(&broken).unwrap();
    fs::write(broken.join("acqus"), "##$TD= 0\n##$NUC1= <1H>\n##END=\n").unwrap();
    fs::write(broken.join("fid"), [0; 16]).unwrap();
    let good = test_data("nmredata/menthol_1D_1H_assigned_J/AN-menthol/10");
    let output = larmor(&[folder.path(), &good, Path::new("--json")]);
    assert!(!output.status.success());
    let lines = lines(&output);
    assert!(lines[0]["error"].as_str().unwrap().contains("TD"), "{lines:?}");
    assert_eq!(lines[1]["nucleus"], "1H");
}

#[test]
fn what_is_rightly_left_out_has_a_line_and_is_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("sample.zip"), "PK\x03\x04").unwrap();
    fs::write(folder.path().join("series.tar.gz"), "").unwrap();
    let points = data(504, &stored_line(0.125, POINTS, 100.0));
    for (name, acqu) in [
        ("kea", "b1Freq = 14.79565d\ndwellTime = 100.0\nexperiment = \"1Pulse\"\n"),
        ("relaxation", "b1Freq = 43.5d\ndwellTime = 100.0\nexperiment = \"CPMG\"\n"),
    ] {
        let dataset = folder.path().join(name);
        fs::create_dir(&dataset).unwrap();
        fs::write(dataset.join("acqu.par"), acqu).unwrap();
        fs::write(dataset.join("data.1d"), &points).unwrap();
    }
    let output = larmor(&[folder.path(), Path::new("--json")]);
    assert!(output.status.success(), "{output:?}");
    let lines = lines(&output);
    for (line, reason) in lines.iter().zip(["rxChannel", "CPMG records", "unpack", "unpack"]) {
        assert!(line["skipped"].as_str().unwrap().contains(reason), "{line}");
    }
    assert_eq!(lines.len(), 4);
    let alone = larmor(&[&folder.path().join("sample.zip"), Path::new("--json")]);
    assert!(alone.status.success(), "{alone:?}");
}

#[test]
fn names_in_capital_letters_are_processed() {
    let folder = tempfile::tempdir().unwrap();
    let dataset = folder.path().join("MENTHOL");
    fs::create_dir(&dataset).unwrap();
    fs::write(dataset.join("ACQU.PAR"), ACQU).unwrap();
    fs::write(dataset.join("Data.1d"), data(504, &stored_line(0.125, POINTS, 100.0))).unwrap();
    let output = larmor(&[folder.path(), Path::new("--json")]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(lines(&output)[0]["vendor"], "magritek");
}

#[test]
fn nothing_to_process_is_a_failure_with_the_path() {
    let folder = tempfile::tempdir().unwrap();
    let output = larmor(&[folder.path(), Path::new("--json")]);
    assert!(!output.status.success());
    assert!(lines(&output)[0]["error"].as_str().unwrap().contains("not a dataset"));
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn without_json_a_table_is_printed() {
    let output = larmor(&[&test_data("bruker/aspirin-1h/1")]);
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("1H 1D at 300.13 MHz in CDCl3"), "{text}");
    assert!(text.contains("compound"));
}

/// A directory tree of links to real datasets, with one that is broken and one that is queued.
fn archive() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let sources = [
        "nmredata/menthol_1D_1H_assigned_J/AN-menthol/10",
        "bruker/aspirin-1h/1",
        "bruker/naphtoicAcid-1h/1",
        "nmredata/arborinine_full_assignments/dj_ca_2017_ernestin_EN4/12",
    ];
    for (number, source) in sources.iter().cycle().take(12).enumerate() {
        let copy = folder.path().join(format!("year {}/{number:02}", number / 4));
        fs::create_dir_all(&copy).unwrap();
        for file in ["acqus", "fid", "audita.txt"] {
            let from = test_data(source).join(file);
            if from.exists() {
                fs::copy(from, copy.join(file)).unwrap();
            }
        }
    }
    let broken = folder.path().join("year 1/broken");
    fs::create_dir(&broken).unwrap();
    fs::write(broken.join("acqus"), "##$TD= 0\n##$NUC1= <1H>\n##END=\n").unwrap();
    fs::write(broken.join("fid"), [0; 16]).unwrap();
    let queued = folder.path().join("year 2/queued");
    fs::create_dir(&queued).unwrap();
    fs::write(queued.join("acqus"), "##$TD= 8\n##$DATE= 0\n##END=\n").unwrap();
    fs::write(folder.path().join("notes.txt"), "no dataset").unwrap();
    folder
}

fn read_lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn paths(lines: &[Value]) -> Vec<&str> {
    lines.iter().map(|line| line["path"].as_str().unwrap()).collect()
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn many_at_a_time_give_what_one_at_a_time_gives_in_the_order_of_the_tree() {
    let archive = archive();
    let [one, four] = ["1", "4"].map(|jobs| {
        larmor(&[archive.path(), Path::new("--json"), Path::new("--jobs"), Path::new(jobs)])
    });
    assert_eq!(one.stdout, four.stdout);
    let lines = lines(&four);
    assert_eq!(lines.len(), 14);
    assert!(paths(&lines).is_sorted());
    assert_eq!(four.status.code(), Some(1), "one dataset is broken");
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn the_summary_counts_reasons() {
    let archive = archive();
    let file = archive.path().join("summary.json");
    let output =
        larmor(&[archive.path(), Path::new("--json"), Path::new("--summary"), file.as_path()]);
    let summary: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    for (what, count) in [("datasets", 14), ("done", 12), ("skipped", 1), ("failed", 1)] {
        assert_eq!(summary[what], count, "{what}");
    }
    let skipped = summary["skipped_because"].as_object().unwrap();
    assert_eq!(skipped["incomplete: queued: no fid yet"]["datasets"], 1);
    let (reason, broken) = summary["failed_because"].as_object().unwrap().iter().next().unwrap();
    assert!(reason.contains("TD"), "{reason}");
    assert!(broken["first"].as_str().unwrap().ends_with("year 1/broken"));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("14 datasets"), "{told}");
    assert!(told.contains("1 skipped: incomplete: queued: no fid yet"), "{told}");
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn a_run_that_was_cut_off_is_gone_on_with_and_gives_each_dataset_once() {
    let archive = archive();
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out.jsonl");
    let run = || larmor(&[archive.path(), Path::new("--out"), out.as_path()]);
    assert_eq!(run().status.code(), Some(1));
    let whole = fs::read(&out).unwrap();
    assert_eq!(read_lines(&out).len(), 14);

    // Killed in the middle of the seventh line.
    let ends: Vec<usize> = (0..whole.len()).filter(|&at| whole[at] == b'\n').collect();
    fs::write(&out, &whole[..ends[5] + (ends[6] - ends[5]) / 2]).unwrap();
    let output = run();
    assert_eq!(fs::read(&out).unwrap(), whole);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("6 passed over"), "{told}");

    // Nothing is left to do; the failure still is one.
    let output = run();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(fs::read(&out).unwrap(), whole);
    assert!(output.stdout.is_empty());

    // Cut off exactly at the end of a line.
    fs::write(&out, &whole[..=ends[9]]).unwrap();
    run();
    assert_eq!(fs::read(&out).unwrap(), whole);
}

/// A Bruker spectrum of which the FID was not kept.
fn write_spectrum(dataset: &Path) {
    let folder = dataset.join("pdata/1");
    fs::create_dir_all(&folder).unwrap();
    fs::write(
        folder.join("procs"),
        "##$SI= 16384\n##$OFFSET= 11\n##$SW_p= 4801.56\n##$SF= 400.13\n##$AXNUC= <1H>\n##END=\n",
    )
    .unwrap();
    let bytes: Vec<u8> = (0..16_384)
        .flat_map(|i| {
            let ppm = 11.0 - 12.0 * f64::from(i) / 16_384.0;
            let noise = 300.0 * ((f64::from(i) * 12.9898).sin() * 43_758.545_3).fract();
            let line = 1e6 / (1.0 + ((ppm - 3.456) / 0.002).powi(2));
            ((line + noise) as i32).to_le_bytes()
        })
        .collect();
    fs::write(folder.join("1r"), bytes).unwrap();
}

#[test]
fn a_spectrum_alone_is_taken_once_it_has_been_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    write_spectrum(folder.path());
    for against in [true, false] {
        let option = Path::new("--against");
        let arguments = [folder.path(), Path::new("--json"), option];
        let output = larmor(&arguments[..if against { 3 } else { 2 }]);
        assert!(output.status.success(), "{output:?}");
        let reason = lines(&output)[0]["skipped"].as_str().unwrap().to_owned();
        assert!(reason.starts_with("incomplete: ") && reason.contains("fid"), "{reason}");
    }
    let earlier = std::time::SystemTime::now() - std::time::Duration::from_secs(60);
    for name in ["1r", "procs"] {
        let path = folder.path().join("pdata/1").join(name);
        fs::File::options().append(true).open(path).unwrap().set_modified(earlier).unwrap();
    }
    let line = &lines(&larmor(&[folder.path(), Path::new("--json")]))[0];
    assert_eq!((&line["vendor"], &line["nucleus"]), (&"bruker".into(), &"1H".into()), "{line}");
    let written = chrono::DateTime::parse_from_rfc3339(line["modified"].as_str().unwrap()).unwrap();
    assert_eq!(std::time::SystemTime::from(written), earlier);
    let held = &lines(&larmor(&[folder.path(), Path::new("--json"), Path::new("--against")]))[0];
    assert_eq!(held["witnesses"][0]["kind"], "spectrum", "{held}");
}

#[test]
fn a_file_that_was_cut_off_is_to_come_while_it_changes_and_has_failed_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.dx");
    fs::write(&path, "##TITLE= a\n##DATA TYPE= NMR SPECTRUM\n").unwrap();
    for options in [&["--json"][..], &["--json", "--against"]] {
        let arguments: Vec<&Path> =
            std::iter::once(path.as_path()).chain(options.iter().map(Path::new)).collect();
        let set = |time| {
            fs::File::options().append(true).open(&path).unwrap().set_modified(time).unwrap();
        };
        let now = std::time::SystemTime::now();
        set(now);
        let output = larmor(&arguments);
        assert!(output.status.success(), "{output:?}");
        assert!(lines(&output)[0]["skipped"].as_str().unwrap().contains("still being written"));
        set(now - std::time::Duration::from_secs(60));
        let output = larmor(&arguments);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(lines(&output)[0]["error"].as_str().unwrap().contains("##END="), "{output:?}");
    }
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn what_has_changed_since_is_processed_again_and_what_was_only_touched_is_not() {
    let archive = archive();
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out.jsonl");
    let run = || larmor(&[archive.path(), Path::new("--out"), out.as_path()]);
    run();
    let touch = |path: &Path| {
        let file = fs::OpenOptions::new().append(true).open(path).unwrap();
        let later = std::time::SystemTime::now() + std::time::Duration::from_secs(60);
        file.set_modified(later).unwrap();
    };
    touch(&archive.path().join("year 0/00/fid"));
    run();
    assert_eq!(read_lines(&out).len(), 14, "the data are the same");

    // What failed is whole now.
    let broken = archive.path().join("year 1/broken");
    for file in ["acqus", "fid", "audita.txt"] {
        fs::copy(archive.path().join("year 0/00").join(file), broken.join(file)).unwrap();
    }
    assert_eq!(run().status.code(), Some(0));
    let lines = read_lines(&out);
    assert_eq!(lines.len(), 15);
    assert!(lines[14]["path"].as_str().unwrap().ends_with("broken"));
    assert_eq!(lines[14]["digest"], lines[0]["digest"]);
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn lines_that_are_not_ours_and_a_file_in_use_are_left_alone() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("notes.txt");
    fs::write(&out, "buy milk\n").unwrap();
    let dataset = test_data("bruker/aspirin-1h/1");
    let output = larmor(&[&dataset, Path::new("--out"), out.as_path()]);
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains("line 1"));
    assert_eq!(fs::read(&out).unwrap(), b"buy milk\n");

    let out = place.path().join("out.jsonl");
    let held = fs::File::create(&out).unwrap();
    held.lock().unwrap();
    let output = larmor(&[&dataset, Path::new("--out"), out.as_path()]);
    assert!(String::from_utf8(output.stderr).unwrap().contains("in use"));
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn other_nuclei_can_be_left_out() {
    let archive = archive();
    let output =
        larmor(&[archive.path(), Path::new("--json"), Path::new("--nucleus"), Path::new("13C")]);
    let lines = lines(&output);
    let done: Vec<_> = lines.iter().filter(|line| line["nucleus"].is_string()).collect();
    assert_eq!(done.len(), 3);
    assert!(done.iter().all(|line| line["nucleus"] == "13C"));
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn plots_show_the_spectrum_with_its_peaks_and_stay_small() {
    let place = tempfile::tempdir().unwrap();
    let plots = place.path().join("plots");
    let tree = test_data("nmredata/arborinine_full_assignments");
    let output = larmor(&[&tree, Path::new("--json"), Path::new("--plot"), plots.as_path()]);
    assert!(output.status.success(), "{output:?}");
    let lines = lines(&output);
    let done: Vec<_> = lines.iter().filter(|line| line["plot"].is_string()).collect();
    assert_eq!(done.len(), 3);
    assert_eq!(fs::read_dir(&plots).unwrap().count(), 3);
    for line in done {
        let svg = fs::read_to_string(plots.join(line["plot"].as_str().unwrap())).unwrap();
        assert!(svg.len() < 300_000, "{}", svg.len());
        assert!(svg.trim_start().starts_with("<svg") && svg.trim_end().ends_with("</svg>"));
        assert_eq!(svg.matches("<text").count(), svg.matches("</text>").count());
        if line["nucleus"] == "13C" && line["experiment"] == "1D" {
            for peak in line["peaks"].as_array().unwrap() {
                let label = format!("{:.2}", peak["ppm"].as_f64().unwrap());
                assert!(peak["class"] != "compound" || svg.contains(&label), "{label}");
            }
        }
    }
}

#[test]
#[cfg_attr(not(test_data), ignore = "needs third_party/test-data: ./dev setup")]
fn a_reader_that_goes_ends_the_run_quietly() {
    let archive = archive();
    let mut child = Command::new(env!("CARGO_BIN_EXE_larmor-process"))
        .arg("--json")
        .arg(archive.path())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}
