//! What the name of a pulse program says, whoever wrote the program.
//!
//! Names are put together of parts: `noesygppr1d` is NOESY with gradients and presaturation, and a
//! plain spectrum but for its water; `selnogp` excites one line. What is known here are the parts
//! that the vendors' own libraries and widely used sequences have in common.

use super::experiment::Experiment;
use super::nucleus::Nucleus;

/// What a program's name says. `last_pulse` is the angle of DEPT's last pulse in degrees where
/// parameters tell it and the name does not.
pub(super) fn experiment(name: &str, last_pulse: Option<f64>) -> Experiment {
    let name = Name::new(name);
    if name.has(&["deptq", "pendant"]) {
        // PENDANT shows the same four kinds of carbon with the same signs as DEPTQ.
        Experiment::Deptq
    } else if name.has(&["dept"]) {
        Experiment::Dept(dept_angle(&name.0, last_pulse))
    } else if name.begins(&["apt", "jmod"]) || name.has(&["_apt", "seapt", " apt", "attached"]) {
        Experiment::Apt
    } else {
        of_other(&name)
    }
}

/// Kinds whose names do not overlap with those of carbon's editing, the most telling part first.
fn of_other(name: &Name) -> Experiment {
    if name.has(&["psyche", "pureshift", "zangger", "sapphire", "push1d", "bird1d", "1dbird"])
        || name.begins(&["push", "ps1d", "zs1d", "1dzs", "hobs", "psh1d", "1d_ps", "tse_psyche"])
    {
        return if name.has(&["tocsy", "sel"]) {
            Experiment::Filtered
        } else {
            Experiment::PureShift
        };
    }
    if let Some(selective) = selective(name) {
        return selective;
    }
    if name.has(&["inept"]) {
        Experiment::Inept
    } else if name.has(&["hmqc", "hsqc", "hmbc", "hetcor", "hoesy", "inadequate", "adequate"])
        || name.has(&["xfilter", "x_filter", "logsy", "dqf1d", "1d_dqf", "mqf1d", "h2bc", "selinc"])
        || name.has(&["stddiff", "std_es", "stdgp", "stdmlev"])
        || name.begins(&["inad", "dqfil", "ephogsy", "cosy", "gcosy", "dqcosy", "gdqcosy"])
    {
        Experiment::Filtered
    } else if name.has(&["ledbp", "ledgp", "stebp", "stegp", "dosy", "oneshot", "dbpp", "gcste"])
        || name.has(&["pgste", "pgse", "diffusion"])
    {
        Experiment::DiffusionEdited
    } else if name.has(&["t1ir", "invrec", "inversion", "t1meas", "t1_ir"])
        || name.begins(&["double_pulse", "t1inv", "proinv"])
    {
        Experiment::InversionRecovery
    } else if name.has(&["cpmg", "t2filter", "project_", "perfectecho"])
        || name.begins(&["project", "t2meas"])
    {
        Experiment::Cpmg
    } else if name.begins(&["zghd", "zghc", "homodec", "hdec"])
        || name.has(&["homo_dec", "homodecoup"])
    {
        Experiment::Homodecoupled
    } else {
        Experiment::Plain
    }
}

/// Experiments that excite or saturate one line and show what follows of it.
fn selective(name: &Name) -> Option<Experiment> {
    // NOESY in one dimension is a way to suppress water, unless it is the selective one.
    let selects = name.begins(&["sel", "gsel", "1dsel", "zgsel"])
        || name.has(&["_sel", "selective", "dpfgse_noe", "selno", "selro", "selml", "goesy"]);
    let one_line = |transfer: &str| {
        selects && name.has(&[transfer])
            || name.has(&[&format!("{transfer}1d"), &format!("{transfer}_1d")])
            || name.has(&[&format!("1d_{transfer}"), &format!("1d {transfer}")])
    };
    let kind = if name.begins(&["selno", "selnp", "gnoe", "noedif", "noemul", "noe_", "noe1d"])
        || name.has(&[
            "cyclenoe",
            "noe_diff",
            "noediff",
            "difference_noe",
            "dpfgsenoe",
            "dpfgse_noe",
        ])
        || name.has(&["goesy", "dpfgnoe"])
        || (one_line("noesy") || one_line("noe")) && !suppression_by_noesy(name)
    {
        Experiment::SelectiveNoe
    } else if name.begins(&["selro", "roesy1d", "troesy1d"]) || one_line("roesy") {
        Experiment::SelectiveRoe
    } else if name.begins(&["selml", "seldi", "seldg", "selto", "ztocsy1d"]) || one_line("tocsy") {
        Experiment::SelectiveTocsy
    } else if selects {
        Experiment::Selective
    } else {
        return None;
    };
    Some(kind)
}

/// The first increment of NOESY with presaturation, whose water is suppressed.
fn suppression_by_noesy(name: &Name) -> bool {
    let after = name.0.split("noesy").nth(1);
    let presaturates = |after: &str| {
        ["pr", "gppr", "gpps", "ps", "_pr", "-pr", " pr", "sup", " sup", "presat", "pp", "gppp"]
            .iter()
            .any(|part| after.starts_with(part))
            || after.contains("presat")
            || after.starts_with("1dpr")
    };
    name.begins(&["tnnoesy", "metnoesy"]) || after.is_some_and(presaturates)
}

/// True where a program suppresses the line of water (or of another solvent) in 1H.
pub(super) fn suppresses_water(name: &str, nucleus: &Nucleus) -> bool {
    if *nucleus != Nucleus::Proton {
        return false;
    }
    let name = Name::new(name);
    // Bruker writes its methods behind the kind of experiment: presaturation `pr`, also on other
    // channels (`cppr`, `f2pr`), excitation sculpting `es`, WATERGATE `wg`, `19`, `w5`.
    let methods =
        ["pr", "cppr", "gppr", "f2pr", "gpf2pr", "es", "gpwg", "ppwg", "gpw5", "gpw3", "gp19"];
    let bruker = name.stem().strip_prefix("zg").is_some_and(|rest| {
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        methods.iter().any(|method| rest.starts_with(method)) || rest == "ps"
    });
    bruker
        || suppression_by_noesy(&name)
        || name.has(&["presat", "wet", "watergate", "wgate", "3919", "p3919", "jumpret", "robust5"])
        || name.has(&["robust-5", "waterflip", "flipback", "excitation_sculpt", "water_es"])
        || name.has(&["watersup", "water sup", "water_sup", "solvent_sup", "suppress", "purge"])
        || name.has(&["cpmgpr", "cpmgesgp", "cpmg_pr", "cpmg_es", "gppr", "esgp", "gp19", "gpwg"])
        || name.begins(&["lc1pn", "lc1pc", "lc1d", "binom", "metcpmg"])
        || name.ends(&["_es", "_es2", "wg", "pr1d"])
        || matches!(name.stem(), "jr" | "p11" | "p1331" | "11" | "1331")
}

/// True for names under which Bruker observes carbon without decoupling its hydrogens: a pulse and
/// nothing else (`zg`, `zg30`), or decoupling between the scans alone (`zggd`).
pub(super) fn leaves_carbon_coupled(name: &str) -> bool {
    let name = Name::new(name);
    let (stem, version) = name.0.split_once('.').unwrap_or((&name.0, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let rest = stem.strip_prefix("zg").map(|rest| rest.strip_prefix("gd").unwrap_or(rest));
    rest.is_some_and(is_number) && is_number(version)
}

/// A name in lower case.
struct Name(String);

impl Name {
    fn new(name: &str) -> Self {
        Self(name.trim().to_ascii_lowercase())
    }

    /// The name up to its version: `zgesgp` of `zgesgp.2`.
    fn stem(&self) -> &str {
        self.0.split('.').next().unwrap_or_default()
    }

    fn has(&self, parts: &[&str]) -> bool {
        parts.iter().any(|part| self.0.contains(part))
    }

    fn begins(&self, parts: &[&str]) -> bool {
        parts.iter().any(|part| self.0.starts_with(part))
    }

    fn ends(&self, parts: &[&str]) -> bool {
        parts.iter().any(|part| self.stem().ends_with(part))
    }
}

/// The angle in the name, or the given one, or the usual 135.
fn dept_angle(name: &str, last_pulse: Option<f64>) -> u8 {
    // Whole numbers: `dept_145hz` is one for couplings of 145 Hz.
    let mut numbers = name.split(|c: char| !c.is_ascii_digit()).map(str::parse);
    if let Some(Ok(angle)) = numbers.find(|number| matches!(number, Ok(45 | 90 | 135))) {
        return angle;
    }
    let degrees = last_pulse.filter(|degrees| degrees.is_finite()).unwrap_or(135.0);
    if degrees < 67.5 {
        45
    } else if degrees < 112.5 {
        90
    } else {
        135
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_of_every_vendor_are_known_by_name() {
        use Experiment as E;
        for (kind, names) in [
            (
                E::Plain,
                "zg zg30 zgdc zgpg zgpg30 zgig zgig30 zgpr zgcppr zgesgp zgesgppe zggpwg zggpw5 \
                 zgps noesypr1d noesygppr1d noesygppr1d.comp noesygpps1d.comp p3919gp p3919fpgp \
                 lc1pncwps lc1wetdc wet wetdc s2pul PROTON CARBON PRESAT WET1D wet1d tnnoesy \
                 metnoesy Water_ES binom carbon.jxp single_pulse.jxp single_pulse_dec proton.jxp \
                 proton_presat.jx wet_suppression udeft zgbs zg2d PROTON1D jr",
            ),
            (E::Dept(135), "dept135 deptsp135 dept dept.jxp DEPT"),
            (E::Dept(90), "DEPT90 dept90"),
            (E::Deptq, "deptqgpsp.2 deptq135 pendant deptqsp"),
            (E::Apt, "apt APT aptjc carbon_apt.jxp jmod jmodxx"),
            (E::Inept, "inept ineptrd ineptnd INEPT inept_refocused"),
            (
                E::SelectiveNoe,
                "selno selnogp selnogp.2 selnogpzs.2 selnpgp noediff noedif noemul NOESY1D \
                 NOESY1D_ES Noesy1d noesy1d cyclenoe noe_1d_dpfgse.jx noe_diff.jxp dpfgse_noe \
                 1d_noesy gnoe GOESY difference_noe_1",
            ),
            (
                E::SelectiveRoe,
                "selro selrogp selrogp.2 ROESY1D ROESY1D_ES roesy_1d_dpfgse. roesy1d",
            ),
            (
                E::SelectiveTocsy,
                "selmlgp selmlgp.2 selmlzf seldigp seldigpzs seldipszs TOCSY1D TOCSY1D_ES \
                 zTOCSY1D zTOCSY1D_ES tocsy_1d_dpfgse. tocsy1d",
            ),
            (E::Selective, "selcogp selco selgpse selzg selexcit selzgpr selpulse"),
            (
                E::PureShift,
                "psyche reset_psychetse PSYCHE PSYCHE_ES PS1D push1dzs pureshift_bird PureShift1D \
                 zangger_sterk 1dbird psyche1d",
            ),
            (E::Cpmg, "cpmgpr1d cpmgpr1d.comp cpmg1d cpmg cpmgesgp CPMGT2 metcpmg"),
            (
                E::DiffusionEdited,
                "ledbpgppr2s1d ledbpgp2s1d ledgp2s1d stebpgp1s1d stebpgp1s191d dstebpgp3s1d",
            ),
            (E::InversionRecovery, "t1ir1d INVREC T1meas double_pulse.jxp t1ir"),
            (E::Homodecoupled, "zghd zghd.2 zghc HOMODEC homo_decouple.jx"),
            (
                E::Filtered,
                "stddiff stddiffesgp.3 hsqcetgp HMQC inad1d INADEQUATE COSY PSYCHE_zTOCSY STD_ES",
            ),
        ] {
            for name in names.split_whitespace() {
                assert_eq!(experiment(name, None), kind, "{name}");
            }
        }
        assert_eq!(experiment("dept", Some(45.0)), E::Dept(45));
        assert_eq!(experiment("dept90", Some(45.0)), E::Dept(90));
        assert_eq!(experiment("dept45.2", None), E::Dept(45));
        assert_eq!(experiment("dept_145hz", None), E::Dept(135));
        assert_eq!(experiment("dept_145hz", Some(90.0)), E::Dept(90));
        assert_eq!(experiment("dept90_145hz", Some(45.0)), E::Dept(90));
    }

    #[test]
    fn protocols_written_as_words_are_known_too() {
        for (name, kind) in [
            ("1D PROTON", Experiment::Plain),
            ("1D PROTON+", Experiment::Plain),
            ("1D EXTENDED+", Experiment::Plain),
            ("1D WET SUP", Experiment::Plain),
            ("1D PRESAT", Experiment::Plain),
            ("1D CARBON+", Experiment::Plain),
            ("DEPT", Experiment::Dept(135)),
            ("1D NOESY", Experiment::SelectiveNoe),
            ("1D TOCSY", Experiment::SelectiveTocsy),
        ] {
            assert_eq!(experiment(name, None), kind, "{name}");
        }
    }

    #[test]
    fn programs_that_suppress_water_are_told_from_those_that_do_not() {
        let suppressed = "zgpr zg30pr zgcppr zgesgp zgesgppe zgesgp.2 zggpwg zggppwg zggpw5 zgps \
            noesypr1d noesygppr1d noesygppr1d.comp noesygpps1d.comp p3919gp p3919fpgp lc1pncwps \
            lc1wetdc wet wetdc PRESAT WET1D wet1d WETDEC tnnoesy metnoesy Water_ES watergate \
            cpmgpr1d ledbpgppr2s1d NOESY1D_ES robust5.jxp proton_presat.jx jr p11 zgf2pr";
        for name in suppressed.split_whitespace() {
            assert!(suppresses_water(name, &Nucleus::Proton), "{name}");
            assert!(!suppresses_water(name, &Nucleus::Carbon), "{name}");
        }
        assert!(suppresses_water("1D WET SUP", &Nucleus::Proton));
        assert!(suppresses_water("1D PRESAT", &Nucleus::Proton));
        let others = "zg zg30 zg60 zgpg30 zgdc30 zgig zgigqn s2pul PROTON proton.jxp single_pulse_dec \
            selnogp NOESY1D psyche cpmg1d zghd zg2d zgbs zgpsd0 jresqf";
        for name in others.split_whitespace() {
            assert!(!suppresses_water(name, &Nucleus::Proton), "{name}");
        }
        assert!(!suppresses_water("1D PROTON", &Nucleus::Proton));
    }

    #[test]
    fn carbon_is_decoupled_unless_the_program_says_not() {
        for name in "zg zg30 zg45 zg60 zggd zggd30 zggd.2".split_whitespace() {
            assert!(leaves_carbon_coupled(name), "{name}");
        }
        let decoupled = "zgpg zgpg30 zgdc zgdc30 zgig zgig30 zgcw zg0pg zg30dc zg.dc s2pul CARBON \
            carbon.jxp";
        for name in decoupled.split_whitespace() {
            assert!(!leaves_carbon_coupled(name), "{name}");
        }
    }
}
