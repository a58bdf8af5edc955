//===- NpyTest.cpp - NumPy's file format ----------------------------------===//

#include "glu/Execution/Npy.h"
#include "glu/Execution/RandomData.h"

#include <cstring>
#include <gtest/gtest.h>

using namespace glu;

/// A file of format version 1 with this header, and these bytes of data.
static std::string makeFile(llvm::StringRef header, llvm::StringRef data) {
  std::string file("\x93NUMPY\x01\x00", 8);
  file += char(header.size() & 0xff);
  file += char(header.size() >> 8);
  return file + header.str() + data.str();
}

static std::string getError(llvm::StringRef file) {
  llvm::Expected<Array> array = parseNpy(file);
  return array ? "" : llvm::toString(array.takeError());
}

static void expectError(llvm::StringRef file, llvm::StringRef part) {
  std::string error = getError(file);
  EXPECT_NE(error.find(part.str()), std::string::npos)
      << "got '" << error << "', expected '" << part.str() << "'";
}

TEST(Npy, RoundTrip) {
  std::mt19937_64 generator(0);
  for (ElementType type :
       {ElementType::Bool, ElementType::Int8, ElementType::Int16,
        ElementType::Int32, ElementType::Int64, ElementType::UInt8,
        ElementType::UInt16, ElementType::UInt32, ElementType::UInt64,
        ElementType::Float16, ElementType::Float32, ElementType::Float64})
    for (llvm::SmallVector<int64_t> shape :
         {llvm::SmallVector<int64_t>{}, {0}, {1}, {3, 0, 2}, {2, 3, 4}}) {
      Array array(type, shape);
      fillRandomly(array, generator);
      std::string file = formatNpy(array);
      EXPECT_EQ((file.size() - array.getNumBytes()) % 64, 0u);
      llvm::Expected<Array> back = parseNpy(file);
      ASSERT_TRUE(bool(back)) << llvm::toString(back.takeError());
      EXPECT_EQ(back->getType(), type);
      EXPECT_EQ(back->getShape(), llvm::ArrayRef<int64_t>(shape));
      if (array.getNumBytes())
        EXPECT_EQ(
            std::memcmp(back->getData(), array.getData(), array.getNumBytes()),
            0);
    }
}

TEST(Npy, BFloatIsRaw) {
  Array array(ElementType::BFloat16, {2});
  array.set(0, 1.5);
  llvm::Expected<Array> back = parseNpy(formatNpy(array));
  ASSERT_TRUE(bool(back));
  EXPECT_EQ(back->getType(), ElementType::Raw2);
  back->reinterpret(ElementType::BFloat16);
  EXPECT_EQ(back->get(0), 1.5);
}

TEST(Npy, HeadersAsNumPyWritesThem) {
  auto check = [](llvm::StringRef header, llvm::StringRef data,
                  llvm::ArrayRef<double> values) {
    llvm::Expected<Array> array = parseNpy(makeFile(header, data));
    ASSERT_TRUE(bool(array)) << llvm::toString(array.takeError());
    ASSERT_EQ(array->getNumElements(), int64_t(values.size()));
    for (size_t i = 0; i < values.size(); ++i)
      EXPECT_EQ(array->get(int64_t(i)), values[i]);
  };
  check("{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }   \n",
        "\x01\x02\x03", {1, 2, 3});
  // Column by column.
  check("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }\n",
        "\x01\x04\x02\x05\x03\x06", {1, 2, 3, 4, 5, 6});
  // The other byte order, other quotes, another order of keys.
  check(R"({"shape": (2,), "fortran_order": False, "descr": ">i2"})",
        llvm::StringRef("\x01\x00\xff\xfe", 4), {256, -2});
  check("{'descr': '<f2', 'fortran_order': False, 'shape': ()}",
        llvm::StringRef("\x00\x3c", 2), {1});
}

TEST(Npy, LongHeadersOfLaterVersions) {
  for (char version : {2, 3}) {
    std::string header =
        "{'descr': '|i1', 'fortran_order': False, 'shape': (1,), }";
    header.append(70000, ' ');
    std::string file = std::string("\x93NUMPY") + version + '\0';
    for (int shift : {0, 8, 16, 24})
      file += char((header.size() >> shift) & 0xff);
    llvm::Expected<Array> array = parseNpy(file + header + "\x07");
    ASSERT_TRUE(bool(array)) << llvm::toString(array.takeError());
    EXPECT_EQ(array->get(0), 7);
  }
}

TEST(Npy, RefusesBadFiles) {
  llvm::StringRef good =
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }";
  EXPECT_EQ(getError(makeFile(good, "1234")), "");
  expectError("", "not an .npy file");
  expectError("PK\x03\x04", "not an .npy file");
  expectError("\x93NUMPY", "truncated");
  expectError(llvm::StringRef("\x93NUMPY\x01\x00\x40", 9), "truncated");
  expectError(llvm::StringRef("\x93NUMPY\x01\x00\x40\x00{", 11), "truncated");
  expectError(llvm::StringRef("\x93NUMPY\x02\x00\xff\xff\xff\xff{", 13),
              "truncated");
  expectError(llvm::StringRef("\x93NUMPY\x09\x00\x00\x00", 10), "version 9");
  expectError(makeFile(good, "123"),
              "promises 4 bytes of data and there are 3");
  expectError(makeFile(good, "12345"), "there are 5");
  auto expect = [](llvm::StringRef header, llvm::StringRef part) {
    expectError(makeFile(header, "1234"), part);
  };
  expect("", "not a dictionary");
  expect("[1]", "not a dictionary");
  expect("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)",
         "dictionary");
  expect("{'descr': '<f4', 'shape': (1,)}", "lacks");
  expect("{'descr': '', 'fortran_order': False, 'shape': (1,)}", "lacks");
  expect("{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}",
         "'fortran_order'");
  expect("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}",
         "structured types");
  expect("{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}",
         "element type '<c8'");
  expect("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}",
         "element type '|O'");
  expect("{'descr': '\x01', 'fortran_order': False, 'shape': (1,)}",
         "element type '\\001'");
  for (llvm::StringRef shape : {"(-1,)", "(1", "1", "(1)", "(1.0,)", "(,)",
                                "(1 2)", "(99999999999999999999,)"})
    expect("{'descr': '<f4', 'fortran_order': False, 'shape': " + shape.str() +
               "}",
           "'shape'");
  std::string deep = "(";
  for (int i = 0; i < 65; ++i)
    deep += "1,";
  expect("{'descr': '<f4', 'fortran_order': False, 'shape': " + deep + ")}",
         "'shape'");
  expect("{'descr': '<f4', 'fortran_order': False, 'shape': "
         "(4611686018427387904, 4)}",
         "too large");
  expect("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}",
         "unknown key");
  expect("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x",
         "after the dictionary");
}

TEST(Npy, FilesThatCannotBeUsed) {
  llvm::Expected<Array> missing = readNpy("/nonexistent/x.npy");
  ASSERT_FALSE(bool(missing));
  EXPECT_NE(llvm::toString(missing.takeError()).find("/nonexistent/x.npy"),
            std::string::npos);
  llvm::Error error =
      writeNpy("/nonexistent/x.npy", Array(ElementType::Int8, {1}));
  ASSERT_TRUE(bool(error));
  EXPECT_NE(llvm::toString(std::move(error)).find("cannot write"),
            std::string::npos);
}

/// Files with some bytes changed, cut or repeated are read or refused with one
/// sentence; what is read can be written and read again.
TEST(Npy, Fuzz) {
  std::mt19937_64 generator(7);
  std::vector<std::string> seeds;
  for (llvm::StringRef header :
       {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }\n",
        "{'descr': '>i8', 'fortran_order': True, 'shape': (1, 2, 1), }\n",
        "{'descr': '|V2', 'fortran_order': False, 'shape': (8,), }\n",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (), }\n"})
    seeds.push_back(makeFile(header, "0123456789abcdef"));
  const llvm::StringRef pieces[] = {"'",
                                    "(",
                                    ")",
                                    ",",
                                    "}",
                                    "{",
                                    "-",
                                    "0",
                                    "9223372036854775807",
                                    "True",
                                    "(0,)",
                                    "'shape'",
                                    "'descr'",
                                    "|V1",
                                    "<f2",
                                    llvm::StringRef("\0", 1)};
  int read = 0;
  for (int i = 0; i < 200000; ++i) {
    std::string file = seeds[generator() % seeds.size()];
    for (int change = 1 + int(generator() % 3);
         change-- > 0 && !file.empty();) {
      size_t at = generator() % file.size();
      switch (generator() % 5) {
      case 0:
        file[at] = char(generator());
        break;
      case 1:
        file.erase(at, 1 + generator() % 4);
        break;
      case 2:
        file.insert(at, pieces[generator() % std::size(pieces)].str());
        break;
      case 3:
        file.resize(at);
        break;
      default:
        file[at] ^= char(1 << (generator() % 8));
      }
    }
    llvm::Expected<Array> array = parseNpy(file);
    if (!array) {
      std::string message = llvm::toString(array.takeError());
      ASSERT_FALSE(message.empty());
      ASSERT_EQ(message.find('\n'), std::string::npos);
      continue;
    }
    ++read;
    llvm::Expected<Array> again = parseNpy(formatNpy(*array));
    ASSERT_TRUE(bool(again));
    ASSERT_EQ(again->getShape(), array->getShape());
  }
  // Most changes of the data are harmless: the test does reach the end.
  EXPECT_GT(read, 1000);
}
