//===- Function.cpp - Compiled functions with checked arguments -----------===//

#include "Function.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>

using namespace glu::python;

static size_t getDescriptorWords(size_t rank) { return 3 + 2 * rank; }

Function::Function(Kernel kernel, std::vector<ValueType> arguments,
                   std::vector<ValueType> results, std::optional<Kernel> check,
                   std::shared_ptr<GPU> gpu)
    : kernel(std::move(kernel)), check(std::move(check)), gpu(std::move(gpu)),
      arguments(std::move(arguments)), results(std::move(results)) {
  // As C lays out a structure.
  size_t bytes = 0;
  for (const ValueType &type : this->results) {
    size_t align = type.isScalar ? getByteWidth(type.element) : 8;
    size_t size =
        type.isScalar ? align : 8 * getDescriptorWords(type.sizes.size());
    bytes = (bytes + align - 1) / align * align;
    resultOffsets.push_back(bytes);
    bytes += size;
  }
  resultWords = (bytes + 7) / 8;
}

static std::string formatShape(const std::vector<int64_t> &sizes) {
  std::string text = "(";
  for (size_t d = 0; d < sizes.size(); ++d)
    text += (d ? ", " : "") +
            (sizes[d] < 0 ? std::string("any") : std::to_string(sizes[d]));
  return text + (sizes.size() == 1 ? ",)" : ")");
}

/// Writes the descriptor of `view` to `descriptor`, once it is checked to be
/// what `type` says.
static void pass(const ArrayView &view, const ValueType &type,
                 const std::string &name, int64_t *descriptor) {
  std::string expected = std::string(getName(type.element)) + " of shape " +
                         formatShape(type.sizes);
  if (view.type != type.element)
    throw nb::type_error((name + ": expected an array of " + expected +
                          ", got " + view.describe())
                             .c_str());
  bool fits = view.rank == type.sizes.size();
  for (int d = 0; fits && d < view.rank; ++d)
    fits = type.sizes[size_t(d)] < 0 || type.sizes[size_t(d)] == view.sizes[d];
  if (!fits)
    throw nb::value_error((name + ": expected an array of " + expected +
                           ", got " + view.describe())
                              .c_str());
  int64_t dense = 1;
  bool empty = std::find(view.sizes, view.sizes + view.rank, 0) !=
               view.sizes + view.rank;
  for (int d = view.rank; d-- > 0;) {
    if (!empty && view.strides[d] != dense && view.sizes[d] > 1)
      throw nb::value_error((name +
                             ": expected a dense array in row-major order; "
                             "numpy.ascontiguousarray makes one")
                                .c_str());
    dense *= view.sizes[d];
  }
  if (type.isMemRef && view.readOnly)
    throw nb::value_error(
        (name + ": is read-only, and the function may write to it").c_str());
  int64_t data = reinterpret_cast<int64_t>(view.data);
  *descriptor++ = data;
  *descriptor++ = data;
  *descriptor++ = 0;
  for (int d = 0; d < view.rank; ++d)
    *descriptor++ = view.sizes[d];
  for (int d = 0; d < view.rank; ++d)
    *descriptor++ = empty ? 0 : view.strides[d];
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

/// Stores a Python number as `type` at `storage`.
static void storeNumber(nb::handle value, DType type, const std::string &name,
                        void *storage) {
  auto fail = [&]() {
    PyErr_Clear();
    throw nb::type_error((name + ": expected a number of type " +
                          getName(type) + ", got " +
                          Py_TYPE(value.ptr())->tp_name)
                             .c_str());
  };
  if (type == DType::Float32 || type == DType::Float64) {
    double number = PyFloat_AsDouble(value.ptr());
    if (number == -1 && PyErr_Occurred())
      fail();
    if (type == DType::Float64)
      std::memcpy(storage, &number, 8);
    float narrow = float(number);
    if (type == DType::Float32)
      std::memcpy(storage, &narrow, 4);
    return;
  }
  if (type >= DType::Float8E4M3FN)
    throw nb::type_error(
        (name + ": numbers of type " + getName(type) + " cannot be passed")
            .c_str());
  nb::object integer = nb::steal(PyNumber_Index(value.ptr()));
  if (!integer.is_valid())
    fail();
  unsigned bits = 8 * getByteWidth(type);
  bool isUnsigned = type >= DType::UInt8;
  int64_t number;
  bool fits;
  if (type == DType::UInt64) {
    uint64_t positive = PyLong_AsUnsignedLongLong(integer.ptr());
    fits = !PyErr_Occurred();
    std::memcpy(&number, &positive, 8);
  } else {
    number = PyLong_AsLongLong(integer.ptr());
    fits = !PyErr_Occurred();
    int64_t least = isUnsigned || type == DType::Bool ? 0
                    : bits == 64 ? INT64_MIN
                                 : -(int64_t(1) << (bits - 1));
    int64_t most = type == DType::Bool ? 1
                   : bits == 64
                       ? INT64_MAX
                       : (int64_t(1) << (isUnsigned ? bits : bits - 1)) - 1;
    fits = fits && number >= least && number <= most;
  }
  PyErr_Clear();
  if (!fits)
    throw nb::value_error(
        (name + ": the number does not fit into " + getName(type)).c_str());
  std::memcpy(storage, &number, getByteWidth(type));
}

static nb::object loadNumber(const char *storage, DType type) {
  auto load = [&](auto number) {
    std::memcpy(&number, storage, sizeof(number));
    return number;
  };
  switch (type) {
  case DType::Bool:
    return nb::bool_(load(uint8_t()) != 0);
  case DType::Int8:
    return nb::int_(load(int8_t()));
  case DType::Int16:
    return nb::int_(load(int16_t()));
  case DType::Int32:
    return nb::int_(load(int32_t()));
  case DType::Int64:
    return nb::int_(load(int64_t()));
  case DType::UInt8:
    return nb::int_(load(uint8_t()));
  case DType::UInt16:
    return nb::int_(load(uint16_t()));
  case DType::UInt32:
    return nb::int_(load(uint32_t()));
  case DType::UInt64:
    return nb::int_(load(uint64_t()));
  case DType::Float32:
    return nb::float_(load(float()));
  case DType::Float64:
    return nb::float_(load(double()));
  default:
    throw nb::type_error("numbers of this type cannot be returned");
  }
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

/// Owns `memory`.
static nb::object makeOwner(void *memory, bool onGPU) {
  if (onGPU)
    return nb::capsule(memory, [](void *p) noexcept { GPU::free(p); });
  return nb::capsule(memory, [](void *p) noexcept { std::free(p); });
}

void Function::runCheck(const std::vector<void *> &passed) const {
  if (gpu && !gpu->isEmulated()) // It looks at sizes only.
    return check->call(passed.data());
  std::vector<void *> pointers = passed;
  // Memrefs may be written to, before what comes after is checked.
  std::vector<std::vector<int64_t>> copies;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const ValueType &type = arguments[i];
    if (!type.isMemRef)
      continue;
    const auto *descriptor = static_cast<const int64_t *>(passed[i]);
    size_t rank = type.sizes.size(), bytes = getByteWidth(type.element);
    for (size_t d = 0; d < rank; ++d)
      bytes *= size_t(descriptor[3 + d]);
    auto &elements = copies.emplace_back(bytes / 8 + 1);
    std::memcpy(elements.data(), reinterpret_cast<void *>(descriptor[1]),
                bytes);
    auto &copy =
        copies.emplace_back(descriptor, descriptor + getDescriptorWords(rank));
    copy[0] = copy[1] = reinterpret_cast<int64_t>(copies.end()[-2].data());
    pointers[i] = copy.data();
  }
  check->call(pointers.data());
}

nb::tuple Function::call(nb::tuple values, uint64_t stream) const {
  if (gpu) { // First of all, as there may be none.
    nb::gil_scoped_release release;
    gpu->load();
  }
  bool onGPU = gpu && !gpu->isEmulated();
  if (values.size() != arguments.size())
    throw nb::type_error(("expected " + std::to_string(arguments.size()) +
                          " arguments, got " + std::to_string(values.size()))
                             .c_str());
  size_t words = 0;
  for (const ValueType &type : arguments)
    words += type.isScalar ? 1 : getDescriptorWords(type.sizes.size());
  std::vector<int64_t> storage(words + 1);
  std::vector<int64_t> resultStorage(resultWords + 1);
  std::vector<void *> pointers;
  std::vector<ArrayView> views; // Keeps the memory in place.
  std::vector<Descriptor> arrays, resultArrays;
  if (!results.empty())
    pointers.push_back(resultStorage.data());
  int64_t *next = storage.data();
  for (size_t i = 0; i < arguments.size(); ++i) {
    const ValueType &type = arguments[i];
    std::string name = "argument " + std::to_string(i);
    nb::handle value = PyTuple_GET_ITEM(values.ptr(), Py_ssize_t(i));
    pointers.push_back(next);
    if (type.isScalar) {
      storeNumber(value, type.element, name, next++);
      continue;
    }
    views.push_back(onGPU ? ArrayView::getCUDA(value, name.c_str(), stream)
                          : ArrayView::get(value, name.c_str()));
    pass(views.back(), type, name, next);
    arrays.push_back(
        {next, type.sizes.size(), getByteWidth(type.element), type.isMemRef});
    next += getDescriptorWords(type.sizes.size());
  }
  for (size_t i = 0; i < results.size(); ++i)
    if (!results[i].isScalar)
      resultArrays.push_back({resultStorage.data() + resultOffsets[i] / 8,
                              results[i].sizes.size(),
                              getByteWidth(results[i].element), false});
  {
    nb::gil_scoped_release release;
    if (check)
      runCheck({pointers.begin() + !results.empty(), pointers.end()});
    if (gpu)
      gpu->call(kernel, pointers, arrays, resultArrays, stream);
    else
      kernel.call(pointers.data());
  }

  nb::object tuple = nb::steal(PyTuple_New(Py_ssize_t(results.size())));
  std::map<int64_t, nb::object> owners; // Two results may share their memory.
  for (size_t i = 0; i < results.size(); ++i) {
    const ValueType &type = results[i];
    const char *source =
        reinterpret_cast<const char *>(resultStorage.data()) + resultOffsets[i];
    nb::object result;
    if (type.isScalar) {
      result = loadNumber(source, type.element);
    } else {
      int rank = int(type.sizes.size());
      std::vector<int64_t> descriptor(getDescriptorWords(size_t(rank)));
      std::memcpy(descriptor.data(), source, 8 * descriptor.size());
      nb::object &owner = owners[descriptor[0]];
      if (!owner.is_valid())
        owner = makeOwner(reinterpret_cast<void *>(descriptor[0]), onGPU);
      int64_t address =
          descriptor[1] + descriptor[2] * int64_t(getByteWidth(type.element));
      result = nb::make_tuple(owner, address, getName(type.element),
                              makeTuple(descriptor.data() + 3, rank),
                              makeTuple(descriptor.data() + 3 + rank, rank));
    }
    PyTuple_SET_ITEM(tuple.ptr(), Py_ssize_t(i), result.release().ptr());
  }
  return nb::borrow<nb::tuple>(tuple);
}
