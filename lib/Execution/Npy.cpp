//===- Npy.cpp - NumPy's file format --------------------------------------===//

#include "glu/Execution/Npy.h"

#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <cstring>
#include <optional>

using namespace glu;
using llvm::createStringError;
using llvm::StringRef;

static constexpr StringRef magic("\x93NUMPY", 6);

namespace {
/// The dictionary of a header.
struct Header {
  std::string descr;
  std::optional<bool> fortranOrder;
  std::optional<llvm::SmallVector<int64_t>> shape;
};

/// Parses the dictionary, a Python literal with the keys 'descr',
/// 'fortran_order' and 'shape' in any order.
class HeaderParser {
public:
  explicit HeaderParser(StringRef text) : text(text) {}

  llvm::Expected<Header> parse();

private:
  bool consume(char c) {
    text = text.ltrim();
    return text.consume_front(StringRef(&c, 1));
  }
  std::optional<std::string> parseString();
  std::optional<bool> parseBool();
  std::optional<llvm::SmallVector<int64_t>> parseShape();

  StringRef text;
};
} // namespace

std::optional<std::string> HeaderParser::parseString() {
  text = text.ltrim();
  if (text.empty() || (text.front() != '\'' && text.front() != '"'))
    return std::nullopt;
  char quote = text.front();
  size_t end = text.find(quote, 1);
  if (end == StringRef::npos)
    return std::nullopt;
  std::string result = text.slice(1, end).str();
  text = text.drop_front(end + 1);
  return result;
}

std::optional<bool> HeaderParser::parseBool() {
  text = text.ltrim();
  if (text.consume_front("True"))
    return true;
  if (text.consume_front("False"))
    return false;
  return std::nullopt;
}

std::optional<llvm::SmallVector<int64_t>> HeaderParser::parseShape() {
  constexpr size_t maxRank = 64; // NumPy's own limit.
  llvm::SmallVector<int64_t> shape;
  if (!consume('('))
    return std::nullopt;
  while (!consume(')')) {
    text = text.ltrim();
    int64_t size;
    if (text.consumeInteger(10, size) || size < 0 || shape.size() == maxRank)
      return std::nullopt;
    shape.push_back(size);
    if (!consume(',')) {
      // (5) is a number, not a tuple.
      if (!consume(')') || shape.size() < 2)
        return std::nullopt;
      break;
    }
  }
  return shape;
}

llvm::Expected<Header> HeaderParser::parse() {
  Header header;
  if (!consume('{'))
    return createStringError("its header is not a dictionary");
  while (!consume('}')) {
    std::optional<std::string> key = parseString();
    if (!key || !consume(':'))
      return createStringError("its header is not a dictionary");
    if (*key == "descr") {
      std::optional<std::string> descr = parseString();
      if (!descr)
        return createStringError(
            "its 'descr' is not a string; structured types are not supported");
      header.descr = *descr;
    } else if (*key == "fortran_order") {
      if (!(header.fortranOrder = parseBool()))
        return createStringError("its 'fortran_order' is not True or False");
    } else if (*key == "shape") {
      if (!(header.shape = parseShape()))
        return createStringError(
            "its 'shape' is not a tuple of at most 64 sizes");
    } else {
      return createStringError("its header has an unknown key");
    }
    if (!consume(',')) {
      if (!consume('}'))
        return createStringError("its header is not a dictionary");
      break;
    }
  }
  if (!text.trim().empty())
    return createStringError("its header has text after the dictionary");
  if (header.descr.empty() || !header.fortranOrder || !header.shape)
    return createStringError(
        "its header lacks 'descr', 'fortran_order' or 'shape'");
  return header;
}

/// The element type of a type string without the byte order.
static std::optional<ElementType> getElementType(StringRef code) {
  static constexpr std::pair<const char *, ElementType> types[] = {
      {"b1", ElementType::Bool},    {"i1", ElementType::Int8},
      {"i2", ElementType::Int16},   {"i4", ElementType::Int32},
      {"i8", ElementType::Int64},   {"u1", ElementType::UInt8},
      {"u2", ElementType::UInt16},  {"u4", ElementType::UInt32},
      {"u8", ElementType::UInt64},  {"f2", ElementType::Float16},
      {"f4", ElementType::Float32}, {"f8", ElementType::Float64},
      {"V1", ElementType::Raw1},    {"V2", ElementType::Raw2},
  };
  for (auto [name, type] : types)
    if (code == name)
      return type;
  return std::nullopt;
}

/// Copies `source`, in column-major order, to `target`, in row-major order.
static void transpose(const char *source, Array &target) {
  unsigned width = getByteWidth(target.getType());
  llvm::ArrayRef<int64_t> shape = target.getShape();
  llvm::SmallVector<int64_t> strides(shape.size(), 1), index(shape.size(), 0);
  for (size_t i = 1; i < shape.size(); ++i)
    strides[i] = strides[i - 1] * shape[i - 1];
  int64_t offset = 0;
  for (int64_t i = 0; i < target.getNumElements(); ++i) {
    std::memcpy(target.getData() + i * width, source + offset * width, width);
    for (size_t d = shape.size(); d-- > 0;) {
      offset += strides[d];
      if (++index[d] < shape[d])
        break;
      offset -= strides[d] * shape[d];
      index[d] = 0;
    }
  }
}

static void swapBytes(Array &array) {
  unsigned width = getByteWidth(array.getType());
  for (int64_t i = 0; i < array.getNumElements(); ++i)
    std::reverse(array.getData() + i * width,
                 array.getData() + (i + 1) * width);
}

llvm::Expected<Array> glu::parseNpy(StringRef contents) {
  if (!contents.consume_front(magic))
    return createStringError("it is not an .npy file");
  if (contents.size() < 2)
    return createStringError("it is truncated: the header is not complete");
  unsigned version = uint8_t(contents[0]);
  if (version < 1 || version > 3)
    return createStringError("its format version " + llvm::Twine(version) +
                             " is not 1, 2 or 3");
  contents = contents.drop_front(2);
  size_t lengthBytes = version == 1 ? 2 : 4;
  if (contents.size() < lengthBytes)
    return createStringError("it is truncated: the header is not complete");
  size_t length = version == 1
                      ? llvm::support::endian::read16le(contents.data())
                      : llvm::support::endian::read32le(contents.data());
  contents = contents.drop_front(lengthBytes);
  if (contents.size() < length)
    return createStringError("it is truncated: the header is not complete");

  llvm::Expected<Header> header =
      HeaderParser(contents.take_front(length)).parse();
  if (!header)
    return header.takeError();
  contents = contents.drop_front(length);

  StringRef descr = header->descr;
  bool swap = descr.front() == '>';
  std::optional<ElementType> type;
  if (StringRef("<>=|").contains(descr.front()))
    type = getElementType(descr.drop_front());
  if (!type) {
    std::string printable;
    llvm::raw_string_ostream(printable).write_escaped(descr.take_front(40));
    return createStringError(
        "its element type '" + printable +
        "' is not supported; expected bool, an integer, f2, f4 or f8");
  }

  std::optional<int64_t> count = countElements(*header->shape, *type);
  if (!count)
    return createStringError("its shape is too large");
  size_t bytes = size_t(*count) * getByteWidth(*type);
  if (contents.size() != bytes)
    return createStringError("its header promises " + llvm::Twine(bytes) +
                             " bytes of data and there are " +
                             llvm::Twine(contents.size()));
  llvm::Expected<Array> array = Array::allocate(*type, *header->shape);
  if (!array)
    return array.takeError();
  if (bytes) {
    if (*header->fortranOrder)
      transpose(contents.data(), *array);
    else
      std::memcpy(array->getData(), contents.data(), bytes);
    if (swap)
      swapBytes(*array);
  }
  return array;
}

llvm::Expected<Array> glu::readNpy(StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createStringError("cannot read '" + path +
                             "': " + buffer.getError().message());
  llvm::Expected<Array> array = parseNpy((*buffer)->getBuffer());
  if (!array)
    return createStringError("cannot read '" + path +
                             "': " + llvm::toString(array.takeError()));
  return array;
}

static StringRef getDescr(ElementType type) {
  switch (type) {
  case ElementType::Bool:
    return "|b1";
  case ElementType::Int8:
    return "|i1";
  case ElementType::Int16:
    return "<i2";
  case ElementType::Int32:
    return "<i4";
  case ElementType::Int64:
    return "<i8";
  case ElementType::UInt8:
    return "|u1";
  case ElementType::UInt16:
    return "<u2";
  case ElementType::UInt32:
    return "<u4";
  case ElementType::UInt64:
    return "<u8";
  case ElementType::Float8E4M3FN:
  case ElementType::Float8E5M2:
  case ElementType::Raw1:
    return "|V1";
  case ElementType::BFloat16:
  case ElementType::Raw2:
    return "|V2";
  case ElementType::Float16:
    return "<f2";
  case ElementType::Float32:
    return "<f4";
  case ElementType::Float64:
    return "<f8";
  }
  llvm_unreachable("all element types are handled");
}

std::string glu::formatNpy(const Array &array) {
  std::string text = "{'descr': '" + getDescr(array.getType()).str() +
                     "', 'fortran_order': False, 'shape': (";
  for (int64_t size : array.getShape())
    text += std::to_string(size) + ",";
  text += "), }";
  // The data starts at a multiple of 64; the header ends in a newline. Ranks
  // of up to 64 keep it below the 64 KiB of version 1.
  size_t before = magic.size() + 4;
  text.append(63 - (before + text.size()) % 64, ' ');
  text += '\n';
  std::string file = magic.str();
  file += '\x01';
  file += '\x00';
  char length[2];
  llvm::support::endian::write16le(length, uint16_t(text.size()));
  file.append(length, 2);
  file += text;
  if (array.getNumBytes())
    file.append(array.getData(), array.getNumBytes());
  return file;
}

llvm::Error glu::writeNpy(StringRef path, const Array &array) {
  std::error_code code;
  llvm::raw_fd_ostream stream(path, code);
  if (!code) {
    stream << formatNpy(array);
    stream.close();
    code = stream.error();
    stream.clear_error();
  }
  if (code)
    return createStringError("cannot write '" + path + "': " + code.message());
  return llvm::Error::success();
}
