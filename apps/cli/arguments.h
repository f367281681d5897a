// What a word of the command line has to be. A refusal says in words what it is not.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace coi::cli {

// Makes a positional take all words to come, each as it is. CLI11's own way would make two words of "[a,b]".
CLI::Option* take_words(CLI::Option* positional);

// Not "": what a script gives whose variable is not set.
CLI::Validator not_empty();
// A whole number, both ends included.
CLI::Validator number_between(std::int64_t least, std::int64_t most);
// A number with or without a fraction, both ends included; no "nan".
CLI::Validator seconds_between(double least, double most);
// The number of an option, as a poll shows it.
CLI::Validator option_number();
// The number of a message or an attachment.
CLI::Validator id_number();
// A file that is there, whatever it is but a folder.
CLI::Validator existing_file();
// One of these words. Help and completion learn them from type_name(choice_words()).
CLI::Validator one_of(std::vector<std::string> words);
std::string choice_words(const std::vector<std::string>& words);  // "none|active|seen"

}  // namespace coi::cli
