//! The `rungs` program: see `rungs --help`.

/// The planner makes and drops many small lists on all threads at once.
#[cfg(feature = "plan")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    rungs::cli::run()
}
