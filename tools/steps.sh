# shellcheck shell=bash
# Sourced by ./demo and ./check: named steps that say how they went, and how long they took.

logs=build/logs
mkdir -p "$logs"

# shellcheck disable=SC2034  # used by those who source this
if [[ -t 1 ]]; then
  bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m'
else
  bold='' red='' green='' plain=''
fi

# say WHO WHAT
say() {
  printf '%s%-6s%s %s\n' "$bold" "$1" "$plain" "$2"
}

terminal_columns() {
  local columns
  read -r _ columns < <(stty size 2>/dev/null </dev/tty) || true
  ((${columns:-0} > 0)) || columns=80   # a terminal need not know its size
  echo "$columns"
}

# The last line of a log without what would move the cursor. (tr knows no \e.)
last_line() {
  tail -n 1 "$1" | tr -d '\000-\037\177'
}

# run_step NAME COMMAND…: its output goes to a log; on a terminal the log's last line is shown meanwhile.
# Sets step_seconds and returns the command's status.
run_step() {
  local name=$1 begin=$SECONDS status=0
  step_log=$logs/$(tr -cs 'A-Za-z0-9\n' - <<<"$name").log
  shift
  printf '%-34s' "$name"
  set -m   # a process group of its own, so that stop_step ends all of it
  "$@" >"$step_log" 2>&1 </dev/null &
  step_pid=$!
  set +m
  if [[ -t 1 ]]; then
    while kill -0 "$step_pid" 2>/dev/null; do
      local room=$(($(terminal_columns) - 43))   # what is longer would begin a new line, and never be wiped
      ((room > 0)) || room=0
      printf '\r%-34s%4d s  %.*s\e[K' "$name" $((SECONDS - begin)) "$room" "$(last_line "$step_log")"
      sleep 0.3
    done
    printf '\r\e[K%-34s' "$name"
  fi
  wait "$step_pid" || status=$?
  step_pid=
  step_seconds=$((SECONDS - begin))
  return "$status"
}

stop_step() {
  [[ -z ${step_pid:-} ]] || kill -- "-$step_pid" 2>/dev/null || true
}

# Of the last step's log what failed tests or a compiler said, else its end.
show_failure() {
  local said
  printf '%sfailed%s %4d s\n' "$red" "$plain" "$step_seconds"
  said=$(awk '/^ *[0-9]+\/[0-9]+ Test +#/ { on = /\*\*\*/ } /^ +Start +[0-9]+:/ { next } on' "$step_log" | head -n 60)
  if [[ -z $said ]]; then said=$(grep -E -A 4 ':[0-9]+: (fatal )?error: ' "$step_log" | head -n 60); fi
  if [[ -z $said ]]; then said=$(tail -n 30 "$step_log"); fi
  sed 's/^/    /' <<<"$said"
  echo "    The whole log: $PWD/$step_log"
}
