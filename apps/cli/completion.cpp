#include "completion.h"

#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace coi::cli {
namespace {

// In single quotes of a shell.
std::string shell_word(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string each_with_space(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += word + " ";
  return out;
}

// Everything that may stand behind the command, the program's own options included.
std::string words_after(const CommandDoc& command, const CommandDoc& program) {
  std::string words;
  for (const auto& name : command.below) words += name + " ";
  for (const auto* doc : {&command, &program}) {
    for (const auto& option : doc->options)
      words += option.positional ? each_with_space(option.choices) : option.name + " ";
    if (command.path.empty()) break;
  }
  return words;
}

// What the daemon is asked for, one of `askable`; empty where it knows nothing about the word.
std::string asked_for(const CommandDoc& command, const OptionDoc& option) {
  const auto& what = option.positional ? option.name : option.value;
  const auto name = command.name();
  if (what == "CHAT") return name == "accept" ? "requests" : name == "block" || name == "unblock" ? "people" : "chats";
  if (what == "FOLDER") return "folders";
  if (what != "ADDR" || name == "login") return "";
  return command.path.empty() || command.path.size() == 1 ? "accounts" : "contacts";
}

// "--last|--before": all options that take a value.
std::string value_options(const std::vector<CommandDoc>& commands) {
  std::set<std::string> names;
  for (const auto& command : commands)
    for (const auto& option : command.options)
      if (!option.positional && !option.value.empty()) names.insert(option.name);
  return fmt::format("{}", fmt::join(names, "|"));
}

// In double quotes a shell still looks for $ and `, and an interactive one for !.
constexpr std::string_view bash_ask = R"script(
# A word of the line as a command gets it; nothing in it is carried out.
_coi_plain() {
  case $1 in
    \"*) REPLY=${1#\"} REPLY=${REPLY%\"} ;;
    \'*) REPLY=${1#\'} REPLY=${REPLY%\'} ;;
    *) REPLY=${1//\\/} ;;
  esac
}

# Words that begin like $2, of a daemon that runs; quoted as the person has begun to quote.
_coi_ask() {
  local word quote= wanted=$2
  case $wanted in \"* | \'*) quote=${wanted:0:1} wanted=${wanted:1} ;; esac
  [[ $quote == \' ]] || wanted=${wanted//\\/}
  while IFS= read -r word; do
    case $quote in
      \")
        [[ $word == *!* ]] && continue
        word=${word//\\/\\\\} word=${word//\"/\\\"} word=${word//\$/\\\$} word=${word//\`/\\\`}
        ;;
      \') word=${word//\'/\'\\\'\'} ;;
      *) word=$(printf %q "$word") ;;
    esac
    COMPREPLY+=("$word")
  done < <("$program" "${place[@]}" completions "$1" -- "$wanted" 2>/dev/null)
}
)script";

std::string bash(const std::vector<CommandDoc>& commands) {
  std::string out = "# bash completion for coi; made by `coi completion bash`\nCOMP_WORDBREAKS=${COMP_WORDBREAKS//@}\n";
  out += bash_ask;
  out +=
      "\n_coi() {\n"
      "  local REPLY current=${COMP_WORDS[COMP_CWORD]} command= word option= count=0\n"
      "  _coi_plain \"${COMP_WORDS[0]}\"\n  local program=${REPLY/#\\~\\//$HOME/}\n  local -a place=()\n  "
      "COMPREPLY=()\n"
      "  [[ $current == = ]] && current=  # \"--data=\" is two words here\n"
      "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
      "    [[ $option && $word == = ]] && continue\n"
      "    case $option in --data | --account) _coi_plain \"$word\"; place+=(\"$option\" \"$REPLY\") ;; esac\n"
      "    if [[ $option ]]; then option=; continue; fi\n    case \"$command $word\" in\n";
  for (const auto& command : commands) {
    if (command.path.empty()) continue;
    const auto parent = command.name().substr(0, command.name().size() - command.path.back().size());
    out += fmt::format("      {}) command={} ;;\n", shell_word(parent.empty() ? " " + command.name() : command.name()),
                       shell_word(command.name()));
  }
  out += fmt::format("      *) case $word in {}) option=$word ;; -*) ;; *) count=$((count + 1)) ;; esac ;;\n",
                     value_options(commands));
  out += "    esac\n  done\n  case \"$option $command $count\" in\n";
  std::set<std::string> options;
  for (const auto& command : commands) {
    int place = 0;
    for (const auto& option : command.options) {
      const auto what = asked_for(command, option);
      const auto pattern = option.positional ? shell_word(fmt::format(" {} {}", command.name(), place++))
                                             : shell_word(option.name) + "\\ *";
      if (!what.empty() && options.insert(pattern).second)
        out += fmt::format("    {}) [[ $current == -* ]] || _coi_ask {} \"$current\" ;;\n", pattern, what);
    }
  }
  out += "  esac\n  [[ $option ]] && return\n  case $command in\n";
  for (const auto& command : commands)
    out += fmt::format("    {}) COMPREPLY+=($(compgen -W {} -- \"$current\")) ;;\n", shell_word(command.name()),
                       shell_word(words_after(command, commands.front())));
  return out + "  esac\n}\ncomplete -o default -F _coi coi\n";
}

// What _arguments takes: '--file[Attach a file]:FILE:_files'
std::string zsh_option(const CommandDoc& command, const OptionDoc& option) {
  std::string description;
  for (const char c : option.description)
    description += c == '[' || c == ']' || c == ':' ? std::string("\\") + c : std::string(1, c);
  const auto asked = asked_for(command, option);
  const std::string action = !asked.empty()            ? "_coi_ask_" + asked
                             : !option.choices.empty() ? "(" + each_with_space(option.choices) + ")"
                             : option.name == "FILE" || option.value == "FILE" ? "_files"
                             : option.value == "DIR"                           ? "_directories"
                                                                               : " ";
  if (option.positional)
    return shell_word(fmt::format("{}{}:{}",
                                  option.repeats    ? "*:"
                                  : option.required ? ":"
                                                    : "::",
                                  option.name, action));
  return shell_word(fmt::format("{}{}{}[{}]{}", option.repeats ? "*" : "", option.name, option.value.empty() ? "" : "=",
                                description, option.value.empty() ? "" : fmt::format(":{}:{}", option.value, action)));
}

// The program, the account and the directory that the line names so far, for _coi_ask_….
constexpr std::string_view zsh_place = R"script( number program=${${(Q)words[1]}/#\~\//$HOME/}
  local -a place=()
  for ((number = 2; number < CURRENT; number++)); do
    case $words[number] in
      --data | --account) ((number + 1 < CURRENT)) && place+=("$words[number]" "${(Q)words[number + 1]}") ;;
      --data=* | --account=*) place+=("${words[number]%%=*}" "${(Q)words[number]#*=}") ;;
    esac
  done)script";

std::string zsh(const std::vector<CommandDoc>& commands) {
  std::string out = "#compdef coi\n# zsh completion; made by `coi completion zsh`\n";
  for (const auto& what : askable())
    out += fmt::format(
        "\n_coi_ask_{0}() {{\n  local -a found\n  found=(${{(f)\"$($program \"${{place[@]}}\" completions {0} -- "
        "\"${{(Q)PREFIX}}\" "
        "2>/dev/null)\"}})\n  compadd -a found\n}}\n",
        what);
  for (const auto& command : commands) {
    std::string function = "_coi";
    for (const auto& word : command.path) function += "_" + word;
    out += fmt::format("\n{}() {{\n  local line state{}\n  _arguments -C", function,
                       command.path.empty() ? zsh_place : "");
    for (const auto& option : command.options) out += " \\\n    " + zsh_option(command, option);
    if (!command.path.empty())
      for (const auto& option : commands.front().shared_options())
        out += " \\\n    " + zsh_option(commands.front(), option);
    if (command.below.empty()) {
      out += "\n}\n";
      continue;
    }
    out += " \\\n    '1: :->command' '*:: :->rest'\n  case $state in\n    command)\n      local -a commands=(\n";
    for (const auto& below : commands)
      if (below.is_below(command)) out += "        " + shell_word(below.path.back() + ":" + below.description) + "\n";
    out += fmt::format(
        "      )\n      _describe command commands ;;\n    rest) (( $+functions[{0}_$line[1]] )) && {0}_$line[1] ;;\n  "
        "esac\n}}\n",
        function);
  }
  // Found by its name in fpath it is the function itself; sourced it makes itself known.
  return out + "\nif [ \"${funcstack[1]}\" = _coi ]; then _coi \"$@\"; else compdef _coi coi; fi\n";
}

constexpr std::string_view fish_ask = R"script(
# Asks the program that the line names, of the account and the directory that it names.
function __coi_ask
    set -l words (commandline -opc)
    set -l place
    for number in (seq 2 (count $words))
        switch $words[$number]
            case --data --account
                test $number -lt (count $words); and set -a place $words[$number] $words[(math $number + 1)]
            case '--data=*' '--account=*'
                set -a place (string split -m 1 = -- $words[$number])
        end
    end
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
    $program $place completions $argv 2>/dev/null
end

)script";

std::string fish(const std::vector<CommandDoc>& commands) {
  std::string out = "# fish completion for coi; made by `coi completion fish`\n";
  out += fish_ask;
  for (const auto& command : commands) {
    const auto condition =
        command.path.empty() ? "__fish_use_subcommand" : "__fish_seen_subcommand_from " + command.path.back();
    for (const auto& below : commands)
      if (below.is_below(command))
        out += fmt::format("complete -c coi -f -n {} -a {} -d {}\n", shell_word(condition), below.path.back(),
                           shell_word(below.description));
    for (const auto& option : command.options) {
      const auto asked = asked_for(command, option);
      const auto words = asked.empty() ? "" : fmt::format("(__coi_ask {})", asked);
      const auto where = command.path.empty() ? "" : fmt::format(" -n {}", shell_word(condition));
      if (option.positional) {
        if (!option.choices.empty())
          out += fmt::format("complete -c coi -f{} -a {}\n", where, shell_word(each_with_space(option.choices)));
        if (!words.empty()) out += fmt::format("complete -c coi -f{} -a {}\n", where, shell_word(words));
        continue;
      }
      out += fmt::format("complete -c coi{} -l {}{}{} -d {}\n", where, option.name.substr(2),
                         option.value.empty() ? "" : " -r", words.empty() ? "" : " -f -a " + shell_word(words),
                         shell_word(option.description));
    }
  }
  return out;
}

}  // namespace

const std::vector<std::string>& askable() {
  static const std::vector<std::string> all = {"accounts", "chats", "contacts", "folders", "people", "requests"};
  return all;
}

std::string completion_script(const std::vector<CommandDoc>& commands, std::string_view shell) {
  return shell == "bash" ? bash(commands) : shell == "zsh" ? zsh(commands) : fish(commands);
}

}  // namespace coi::cli
