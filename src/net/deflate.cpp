#include "net/deflate.h"

#include <zlib.h>

namespace coi::net {
namespace {

constexpr int out_window_bits = 12;  // with memory level 5: 32 kB instead of 256 kB
constexpr int out_memory_level = 5;
constexpr std::size_t piece = 16 * 1024;

Bytef* octets(const char* text) { return const_cast<Bytef*>(reinterpret_cast<const Bytef*>(text)); }

}  // namespace

struct Deflate::State {
  z_stream out{};
  z_stream in{};
  std::string fed;
  std::size_t taken = 0;  // of `fed`
  bool ended = false;

  ~State() {
    deflateEnd(&out);
    inflateEnd(&in);
  }
};

Deflate::Deflate(std::unique_ptr<State> state) : state_(std::move(state)) {}
Deflate::Deflate(Deflate&&) noexcept = default;
Deflate& Deflate::operator=(Deflate&&) noexcept = default;
Deflate::~Deflate() = default;

Result<Deflate> Deflate::create() {
  auto state = std::make_unique<State>();
  if (deflateInit2(&state->out, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -out_window_bits, out_memory_level,
                   Z_DEFAULT_STRATEGY) != Z_OK ||
      inflateInit2(&state->in, -MAX_WBITS) != Z_OK)
    return fail(ErrorKind::internal, "cannot start compression: out of memory");
  return Deflate(std::move(state));
}

std::string Deflate::compress(std::string_view plain) {
  std::string compressed;
  z_stream& out = state_->out;
  while (!plain.empty()) {
    const std::string_view part = plain.substr(0, std::size_t{1} << 30);  // avail_in is 32 bits wide
    plain.remove_prefix(part.size());
    out.next_in = octets(part.data());
    out.avail_in = static_cast<uInt>(part.size());
    do {
      const std::size_t before = compressed.size();
      compressed.resize(before + piece);
      out.next_out = octets(compressed.data() + before);
      out.avail_out = piece;
      deflate(&out, Z_SYNC_FLUSH);
      compressed.resize(before + piece - out.avail_out);
    } while (out.avail_out == 0);
  }
  return compressed;
}

void Deflate::feed(std::string_view compressed) {
  state_->fed.erase(0, state_->taken);
  state_->taken = 0;
  state_->fed += compressed;
}

bool Deflate::ended() const { return state_->ended; }

Result<bool> Deflate::take(std::string& into, std::size_t limit) {
  z_stream& in = state_->in;
  const std::size_t before = into.size();
  while (into.size() - before < limit && !state_->ended) {
    const std::size_t start = into.size();
    const std::size_t room = std::min(piece, limit - (start - before));
    in.next_in = octets(state_->fed.data() + state_->taken);
    in.avail_in = static_cast<uInt>(state_->fed.size() - state_->taken);
    into.resize(start + room);
    in.next_out = octets(into.data() + start);
    in.avail_out = static_cast<uInt>(room);
    const int status = inflate(&in, Z_SYNC_FLUSH);
    state_->taken = state_->fed.size() - in.avail_in;
    into.resize(start + room - in.avail_out);
    state_->ended = status == Z_STREAM_END;
    if (status != Z_OK && status != Z_BUF_ERROR && !state_->ended)
      return fail(ErrorKind::protocol, "the server's compressed data are damaged");
    if (in.avail_out > 0) break;  // all input used; a full piece may leave output inside zlib
  }
  return into.size() > before;
}

}  // namespace coi::net
