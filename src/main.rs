//! The `solieu` command. Everything is in the library; see its map in `lib.rs`.

fn main() -> std::process::ExitCode {
    solieu::cli::run()
}
