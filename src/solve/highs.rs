//! What HiGHS can do and its Rust crates do not pass on: callbacks, 64-bit counts, names, model files.
//!
//! The only unsafe code of the crate. Each function takes the model by `&mut` (or `&`), so the pointer is live and not shared
//! for the call; every buffer that is handed over outlives the call.
#![allow(unsafe_code)]

use std::ffi::{CString, c_char, c_int, c_void};

use highs::{Model, SolvedModel};
use highs_sys as sys;

/// What a running solve says of itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Report {
    pub(super) nodes: u64,
    /// Objective of the best solution; infinite if there is none.
    pub(super) primal: f64,
    pub(super) dual: f64,
}

/// Decides whether a solve goes on.
pub(super) trait Watch {
    /// Called often while solving.
    fn asked_to_stop(&mut self) -> bool;
    /// Called when the solver has something to say of a mixed-integer solve.
    fn report(&mut self, report: Report);
}

/// Has `watch` called while `model` is solved, then solves it.
pub(super) fn solve_watched<W: Watch>(mut model: Model, watch: &mut W) -> Result<SolvedModel, String> {
    let pointer = model.as_mut_ptr();
    let data: *mut c_void = std::ptr::from_mut(watch).cast();
    // SAFETY: `pointer` is the live HiGHS object of `model`; `watch` outlives `try_solve`, and the callback is stopped by
    // clearing it before this function returns (HiGHS calls it only while it runs).
    unsafe {
        sys::Highs_setCallback(pointer, Some(trampoline::<W>), data);
        for kind in
            [sys::kHighsCallbackSimplexInterrupt, sys::kHighsCallbackIpmInterrupt, sys::kHighsCallbackMipInterrupt, sys::kHighsCallbackMipLogging]
        {
            sys::Highs_startCallback(pointer, kind as c_int);
        }
    }
    let mut solved = model.try_solve().map_err(|status| format!("HiGHS could not run: {status:?}"))?;
    // SAFETY: as above; a null callback is never called.
    unsafe {
        sys::Highs_setCallback(solved.as_mut_ptr(), None, std::ptr::null_mut());
    }
    Ok(solved)
}

unsafe extern "C" fn trampoline<W: Watch>(
    kind: c_int,
    _message: *const c_char,
    out: *const sys::HighsCallbackDataOut,
    into: *mut sys::HighsCallbackDataIn,
    data: *mut c_void,
) {
    // SAFETY: HiGHS passes back the pointer given to `Highs_setCallback`, which is a live `W`, from the solving thread only
    // (one thread is set), and an `out` and `into` that live for the call; `into` may be null when nothing can be told.
    let (watch, out, into) = unsafe { (&mut *data.cast::<W>(), out.as_ref(), into.as_mut()) };
    // A panic must not cross the boundary to C++.
    let stop = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        if let (true, Some(out)) = (kind == sys::kHighsCallbackMipLogging as c_int, out) {
            watch.report(Report { nodes: u64::try_from(out.mip_node_count).unwrap_or(0), primal: out.mip_primal_bound, dual: out.mip_dual_bound });
        }
        watch.asked_to_stop()
    }));
    if let Some(into) = into {
        into.user_interrupt = c_int::from(stop.unwrap_or(true));
    }
}

/// Nodes of the search tree of a solved model.
pub(super) fn node_count(solved: &SolvedModel) -> u64 {
    let mut nodes: i64 = 0;
    // SAFETY: the pointer is live; HiGHS writes one 64-bit number to the address given.
    let status = unsafe { sys::Highs_getInt64InfoValue(solved.as_ptr().cast_mut(), c"mip_node_count".as_ptr(), &raw mut nodes) };
    if status == 0 { u64::try_from(nodes).unwrap_or(0) } else { 0 }
}

/// Gives columns and rows their names and writes the model to a file; the ending `.lp` or `.mps` names the format.
pub(super) fn write(model: &mut Model, columns: &[String], rows: &[String], path: &str) -> Result<(), String> {
    let pointer = model.as_mut_ptr();
    let c_string = |s: &str| CString::new(s).map_err(|_| "a name with a zero byte".to_owned());
    for (i, name) in columns.iter().enumerate() {
        let name = c_string(name)?;
        // SAFETY: the pointer is live, `i` is a column of the model, the string ends with a zero byte and is copied.
        unsafe { sys::Highs_passColName(pointer, i as c_int, name.as_ptr()) };
    }
    for (i, name) in rows.iter().enumerate() {
        let name = c_string(name)?;
        // SAFETY: as above, for a row.
        unsafe { sys::Highs_passRowName(pointer, i as c_int, name.as_ptr()) };
    }
    let path = c_string(path)?;
    // SAFETY: the pointer is live, the path ends with a zero byte.
    let status = unsafe { sys::Highs_writeModel(pointer, path.as_ptr()) };
    if status == sys::STATUS_ERROR { Err("HiGHS could not write the model".to_owned()) } else { Ok(()) }
}

/// A linear program that grows: columns and rows are added, and each solve begins where the last one ended.
#[derive(Debug)]
pub(super) struct Lp {
    pointer: *mut c_void,
    columns: usize,
    rows: usize,
}

/// A solved linear program.
#[derive(Debug)]
pub(super) struct LpSolution {
    pub(super) columns: Vec<f64>,
    /// Points per unit of each row's side.
    pub(super) duals: Vec<f64>,
    pub(super) objective: f64,
}

impl Lp {
    pub(super) fn new(seed: u32) -> Self {
        // SAFETY: creates an object that `drop` destroys.
        let pointer = unsafe { sys::Highs_create() };
        let this = Self { pointer, columns: 0, rows: 0 };
        // SAFETY: the pointer is live; names and values end with a zero byte and are copied.
        unsafe {
            sys::Highs_setBoolOptionValue(pointer, c"output_flag".as_ptr(), 0);
            sys::Highs_setIntOptionValue(pointer, c"threads".as_ptr(), 1);
            sys::Highs_setStringOptionValue(pointer, c"parallel".as_ptr(), c"off".as_ptr());
            sys::Highs_setIntOptionValue(pointer, c"random_seed".as_ptr(), (seed & 0x7fff_ffff) as c_int);
        }
        this
    }

    /// Adds a column `0 ≤ x ≤ upper` and returns its number.
    pub(super) fn column(&mut self, cost: f64, upper: f64, terms: &[(usize, f64)]) -> usize {
        let index: Vec<c_int> = terms.iter().map(|(row, _)| *row as c_int).collect();
        let value: Vec<f64> = terms.iter().map(|(_, c)| *c).collect();
        // SAFETY: the pointer is live, the arrays have the length that is given and rows that exist; they are copied.
        unsafe { sys::Highs_addCol(self.pointer, cost, 0.0, upper, terms.len() as c_int, index.as_ptr(), value.as_ptr()) };
        self.columns += 1;
        self.columns - 1
    }

    /// Adds a row `lower ≤ Σ terms ≤ upper` and returns its number.
    pub(super) fn row(&mut self, lower: f64, upper: f64, terms: &[(usize, f64)]) -> usize {
        let index: Vec<c_int> = terms.iter().map(|(column, _)| *column as c_int).collect();
        let value: Vec<f64> = terms.iter().map(|(_, c)| *c).collect();
        // SAFETY: as above, with columns that exist.
        unsafe { sys::Highs_addRow(self.pointer, lower, upper, terms.len() as c_int, index.as_ptr(), value.as_ptr()) };
        self.rows += 1;
        self.rows - 1
    }

    /// Sets a column's bounds.
    pub(super) fn bound(&mut self, column: usize, lower: f64, upper: f64) {
        // SAFETY: the pointer is live and the column exists.
        unsafe { sys::Highs_changeColBounds(self.pointer, column as c_int, lower, upper) };
    }

    /// Sets how to solve: `"simplex"` from the last basis, or `"ipm"` afresh and without a basis.
    pub(super) fn by(&mut self, simplex: bool) {
        let (name, crossover) = if simplex { (c"simplex", c"on") } else { (c"ipm", c"off") };
        // SAFETY: the pointer is live; names end with a zero byte and are copied.
        unsafe {
            sys::Highs_setStringOptionValue(self.pointer, c"solver".as_ptr(), name.as_ptr());
            sys::Highs_setStringOptionValue(self.pointer, c"run_crossover".as_ptr(), crossover.as_ptr());
        }
    }

    /// Solves; `None` if that fails or takes longer than `seconds` (of this solve).
    pub(super) fn solve<W: Watch>(&mut self, watch: &mut W, seconds: f64) -> Option<LpSolution> {
        let data: *mut c_void = std::ptr::from_mut(watch).cast();
        let mut solution = LpSolution { columns: vec![0.0; self.columns], duals: vec![0.0; self.rows], objective: 0.0 };
        // SAFETY: the pointer is live; `watch` outlives the run and the callback is cleared before this returns; the arrays for
        // the solution have the lengths that HiGHS fills, and null stands for what is not wanted.
        let status = unsafe {
            sys::Highs_zeroAllClocks(self.pointer);
            sys::Highs_setDoubleOptionValue(self.pointer, c"time_limit".as_ptr(), seconds.max(0.01));
            sys::Highs_setCallback(self.pointer, Some(trampoline::<W>), data);
            sys::Highs_startCallback(self.pointer, sys::kHighsCallbackSimplexInterrupt as c_int);
            sys::Highs_startCallback(self.pointer, sys::kHighsCallbackIpmInterrupt as c_int);
            sys::Highs_run(self.pointer);
            sys::Highs_setCallback(self.pointer, None, std::ptr::null_mut());
            sys::Highs_getSolution(
                self.pointer,
                solution.columns.as_mut_ptr(),
                std::ptr::null_mut(),
                std::ptr::null_mut(),
                solution.duals.as_mut_ptr(),
            );
            solution.objective = sys::Highs_getObjectiveValue(self.pointer);
            sys::Highs_getModelStatus(self.pointer)
        };
        (status == sys::MODEL_STATUS_OPTIMAL).then_some(solution)
    }

    /// Forgets the basis: for when simplex goes astray.
    pub(super) fn forget(&mut self) {
        // SAFETY: the pointer is live.
        unsafe { sys::Highs_clearSolver(self.pointer) };
    }
}

impl Drop for Lp {
    fn drop(&mut self) {
        // SAFETY: made by `new`, destroyed once.
        unsafe { sys::Highs_destroy(self.pointer) };
    }
}
