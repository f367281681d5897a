# The build's few own words. A room's CMakeLists.txt is one coi_room() call and reads as its row in docs/architecture.md.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)

option(COI_TESTS "Build the tests" ON)
option(COI_FUZZ "Build the libFuzzer targets (clang only)" OFF)
option(COI_WERROR "Warnings are errors: for those who write the code, never for those who build it to use it" OFF)
set(COI_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize=")

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS ON)                  # COI_TRY is a statement expression
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
add_compile_options(-fPIC)                    # base, hash, json and wire go into the server's plugin; one flag, one precompiled header
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_library(coi_flags INTERFACE)
target_compile_options(coi_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor
  -Wno-missing-field-initializers)            # designated initialisers name what differs from the default
if(COI_WERROR)
  target_compile_options(coi_flags INTERFACE -Werror)
endif()
if(CMAKE_UNITY_BUILD)
  # Files that are compiled together see each other's names.
  target_compile_options(coi_flags INTERFACE -Wno-shadow)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(coi_flags INTERFACE -Wno-subobject-linkage)
  endif()
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Kilobytes before it looks for garbage: a tenth of the time, for 100 MB more in a test's file.
  target_compile_options(coi_flags INTERFACE --param=ggc-min-heapsize=2000000)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # COI_TRY is a statement expression by design (base/result.h).
  target_compile_options(coi_flags INTERFACE -Wno-gnu-statement-expression)
endif()
if(COI_SANITIZE)
  target_compile_options(coi_flags INTERFACE -fsanitize=${COI_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(coi_flags INTERFACE -fsanitize=${COI_SANITIZE})
endif()
target_include_directories(coi_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_link_libraries(coi_flags INTERFACE fmt::fmt Threads::Threads)

find_program(COI_CCACHE ccache)
if(COI_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${COI_CCACHE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-fpch-preprocess)     # lets ccache see through the precompiled header
  else()
    add_compile_options(-Xclang -fno-pch-timestamp)
  endif()
endif()

# One precompiled header for the whole house: the standard library and fmt, nothing of ours; and one for the tests, with
# GoogleTest too, which takes a second to read.
file(WRITE ${CMAKE_BINARY_DIR}/pch/empty.cpp.in "// carries the precompiled header\n")
configure_file(${CMAKE_BINARY_DIR}/pch/empty.cpp.in ${CMAKE_BINARY_DIR}/pch/empty.cpp COPYONLY)
function(coi_precompiled name)
  cmake_parse_arguments(PCH "" "" "HEADERS;LIBS" ${ARGN})
  add_library(${name} STATIC ${CMAKE_BINARY_DIR}/pch/empty.cpp)
  target_link_libraries(${name} PRIVATE coi_flags ${PCH_LIBS})
  target_precompile_headers(${name} PRIVATE
    <algorithm> <array> <charconv> <chrono> <cstdint> <expected> <functional> <map> <memory> <optional> <set> <span>
    <string> <string_view> <tuple> <utility> <variant> <vector> <fmt/format.h> ${PCH_HEADERS})
endfunction()
coi_precompiled(coi_pch)
set(coi_json_headers <boost/json/value.hpp> <boost/core/demangle.hpp> <boost/describe/class.hpp> <boost/describe/enum.hpp>
  <boost/describe/members.hpp>)
coi_precompiled(coi_json_pch HEADERS ${coi_json_headers})   # for those that speak JSON-RPC

# coi_room(DEPS <rooms> LIBS <foreign libraries> [PRECOMPILED <target>]): the folder's *.cpp as static library
# coi_<folder>. DEPS are the rooms it may include (tools/layers checks the includes themselves); LIBS stay private: one
# wall each.
function(coi_room)
  cmake_parse_arguments(ROOM "" "PRECOMPILED" "DEPS;LIBS" ${ARGN})
  if(NOT ROOM_PRECOMPILED)
    set(ROOM_PRECOMPILED coi_pch)
  endif()
  get_filename_component(name ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(NOT sources)
    set(sources ${CMAKE_BINARY_DIR}/pch/empty.cpp)
  endif()
  add_library(coi_${name} STATIC ${sources})
  target_precompile_headers(coi_${name} REUSE_FROM ${ROOM_PRECOMPILED})
  list(TRANSFORM ROOM_DEPS PREPEND coi_)
  target_link_libraries(coi_${name} PUBLIC coi_flags ${ROOM_DEPS} PRIVATE ${ROOM_LIBS})
endfunction()

# coi_program(<name> SOURCES <files> ROOMS <rooms> LIBS <foreign libraries> [PRECOMPILED <target>]): an executable in
# build/<preset>/bin.
function(coi_program name)
  cmake_parse_arguments(PROGRAM "" "PRECOMPILED" "SOURCES;ROOMS;LIBS" ${ARGN})
  if(NOT PROGRAM_PRECOMPILED)
    set(PROGRAM_PRECOMPILED coi_pch)
  endif()
  add_executable(${name} ${PROGRAM_SOURCES})
  target_precompile_headers(${name} REUSE_FROM ${PROGRAM_PRECOMPILED})
  list(TRANSFORM PROGRAM_ROOMS PREPEND coi_)
  target_link_libraries(${name} PRIVATE coi_flags ${PROGRAM_ROOMS} ${PROGRAM_LIBS})
endfunction()

# coi_tests(<name> ROOMS <rooms> LIBS <libraries> [LABELS …] [TIMEOUT s]): the folder's *_test.cpp as program test_<name>.
function(coi_tests name)
  cmake_parse_arguments(TESTS "" "TIMEOUT" "ROOMS;LIBS;LABELS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(NOT TESTS_TIMEOUT)
    set(TESTS_TIMEOUT 60)
  endif()
  coi_program(test_${name} SOURCES ${sources} ROOMS ${TESTS_ROOMS} LIBS GTest::gmock GTest::gtest_main ${TESTS_LIBS}
    PRECOMPILED coi_tests_pch)
  target_compile_definitions(test_${name} PRIVATE COI_TEST_DATA="${CMAKE_SOURCE_DIR}/tests/data")
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # Optimized, the registration of so many tests in one function takes minutes.
    set_target_properties(test_${name} PROPERTIES UNITY_BUILD OFF)
  endif()
  gtest_discover_tests(test_${name} DISCOVERY_MODE PRE_TEST TEST_PREFIX "${name}/"
    PROPERTIES TIMEOUT ${TESTS_TIMEOUT} LABELS "${TESTS_LABELS}")
endfunction()

# coi_fuzzer(<name> ROOMS <rooms>): fuzz/<name>.cpp as program fuzz_<name>, with fuzz/<name>.dict and fuzz/corpus/<name>/.
function(coi_fuzzer name)
  cmake_parse_arguments(FUZZER "" "" "ROOMS" ${ARGN})
  coi_program(fuzz_${name} SOURCES ${name}.cpp ROOMS ${FUZZER_ROOMS})
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
endfunction()
