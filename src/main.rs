//! The `rungs` program: see `rungs --help`.

fn main() -> std::process::ExitCode {
    rungs::cli::run()
}
