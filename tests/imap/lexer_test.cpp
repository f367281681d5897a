#include "imap/lexer.h"
#include <gtest/gtest.h>
