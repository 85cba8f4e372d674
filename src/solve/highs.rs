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
