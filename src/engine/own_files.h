// The files of the data directory as they may be found: unreadable, of another kind, half-written, open to others.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/log.h"
#include "base/result.h"

namespace coi::engine {

// A small file as a whole. Waits for nothing (a pipe in its place). Errors: not_found; corrupt: it is no ordinary file,
// or longer than `most` octets; io, with the system's words.
enum class Links : std::uint8_t { refused, followed };
Result<std::string> read_own_file(const std::filesystem::path& file, std::size_t most, Links links = Links::refused);

// What is ours below the data directory is closed to others: directories 0700, files 0600. The accounts' secrets are
// left as they are: one that others could read has leaked, and the secrets room says so. Links are not followed, and
// what belongs to others is not touched. Before the databases are opened: SQLite gives its files the mode of the first.
void close_to_others(const std::filesystem::path& data, const Log& log);

// Removes what an end amid replace_file() left in a directory. Only while nobody else writes there.
void remove_half_written(const std::filesystem::path& directory);

}  // namespace coi::engine
