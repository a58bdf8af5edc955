//===- Execution.cpp - From IR to numbers in C ----------------------------===//

#include "glu-c/Execution.h"
#include "glu/Execution/Program.h"

#include "mlir/CAPI/IR.h"
#include "mlir/CAPI/Support.h"

#include <cstring>

using namespace glu;
using llvm::createStringError;
using llvm::Error;
using llvm::Expected;

static_assert(int(ElementType::Float64) == GLU_F64 &&
                  int(ElementType::Float8E4M3FN) == GLU_F8E4M3FN &&
                  int(ElementType::UInt8) == GLU_UI8,
              "the element types in C are those in C++");

/// Whether there was no error; the sentence goes to the caller.
static bool take(Error result, char **error) {
  if (error)
    *error = nullptr;
  if (!result)
    return true;
  std::string message = llvm::toString(std::move(result));
  if (error)
    *error = strdup(message.c_str());
  return false;
}

static GluProgram wrap(Expected<std::unique_ptr<Program>> program,
                       char **error) {
  if (!take(program.takeError(), error))
    return {nullptr};
  return {program->release()};
}

static const Program::Function &unwrap(GluFunction function) {
  return *static_cast<const Program::Function *>(function.ptr);
}

static Program &unwrap(GluProgram program) {
  return *static_cast<Program *>(program.ptr);
}

void gluErrorFree(char *error) { std::free(error); }

/// Whether `text` is one.
static bool check(MlirStringRef text, const char *name, char **error) {
  return take(text.data || !text.length
                  ? Error::success()
                  : createStringError(llvm::Twine("the ") + name + " is null"),
              error);
}

GluProgram gluProgramCompile(MlirStringRef text, MlirStringRef options,
                             char **error) {
  if (!check(text, "text", error) || !check(options, "options text", error))
    return {nullptr};
  return wrap(Program::compile(unwrap(text), unwrap(options)), error);
}

GluProgram gluProgramCompileModule(MlirModule module, MlirStringRef options,
                                   char **error) {
  if (!module.ptr) {
    take(createStringError("the module is null"), error);
    return {nullptr};
  }
  if (!check(options, "options text", error))
    return {nullptr};
  return wrap(Program::compile(unwrap(module), unwrap(options)), error);
}

void gluProgramDestroy(GluProgram program) {
  delete static_cast<Program *>(program.ptr);
}

intptr_t gluProgramGetNumFunctions(GluProgram program) {
  return unwrap(program).getFunctions().size();
}

GluFunction gluProgramGetFunction(GluProgram program, intptr_t index) {
  return {&unwrap(program).getFunctions()[index]};
}

GluFunction gluProgramLookup(GluProgram program, MlirStringRef name,
                             char **error) {
  if (!program.ptr) {
    take(createStringError("the program is null"), error);
    return {nullptr};
  }
  if (!check(name, "name", error))
    return {nullptr};
  auto function = unwrap(program).lookup(unwrap(name));
  if (!take(function.takeError(), error))
    return {nullptr};
  return {*function};
}

MlirStringRef gluFunctionGetName(GluFunction function) {
  return wrap(llvm::StringRef(unwrap(function).signature.name));
}

intptr_t gluFunctionGetNumArguments(GluFunction function) {
  return unwrap(function).signature.arguments.size();
}

intptr_t gluFunctionGetNumResults(GluFunction function) {
  return unwrap(function).signature.results.size();
}

static GluValueType wrap(const ValueType &type) {
  return {GluElementType(type.element), type.isScalar, type.isMemRef,
          intptr_t(type.shape.size()), type.shape.data()};
}

GluValueType gluFunctionGetArgument(GluFunction function, intptr_t index) {
  return wrap(unwrap(function).signature.arguments[index]);
}

GluValueType gluFunctionGetResult(GluFunction function, intptr_t index) {
  return wrap(unwrap(function).signature.results[index]);
}

/// Views of what C describes; what has no meaning is an error.
static Expected<llvm::SmallVector<ArrayView>>
getViews(intptr_t count, const GluArray *arrays, const char *kind) {
  if (count < 0 || (count && !arrays))
    return createStringError(llvm::Twine("the list of ") + kind + "s is null");
  llvm::SmallVector<ArrayView> views;
  for (const GluArray &array : llvm::ArrayRef(arrays, count)) {
    auto fail = [&](const llvm::Twine &problem) {
      return createStringError(llvm::Twine(kind) + " " +
                               llvm::Twine(views.size()) + ": " + problem);
    };
    int element; // C may store any number where C++ knows only the names.
    static_assert(sizeof(element) == sizeof(array.element));
    std::memcpy(&element, &array.element, sizeof(element));
    if (element < GLU_I1 || element > GLU_F64)
      return fail("there is no element type " + llvm::Twine(element));
    constexpr int maxRank = 64; // Beyond any array.
    if (array.rank < 0 || array.rank > maxRank)
      return fail("rank " + llvm::Twine(array.rank) + ", expected 0 to " +
                  llvm::Twine(maxRank));
    if (array.rank && !array.sizes)
      return fail("its sizes are null");
    views.push_back(ArrayView(
        ElementType(element), array.data,
        llvm::ArrayRef(array.sizes, array.rank),
        llvm::ArrayRef(array.strides, array.strides ? array.rank : 0)));
  }
  return std::move(views);
}

static Error call(GluProgram program, GluFunction function,
                  intptr_t numArguments, const GluArray *arguments,
                  intptr_t numResults, const GluArray *results) {
  if (!program.ptr)
    return createStringError("the program is null");
  llvm::ArrayRef<Program::Function> functions = unwrap(program).getFunctions();
  if (!llvm::any_of(functions, [&](const Program::Function &candidate) {
        return &candidate == function.ptr;
      }))
    return createStringError(function.ptr
                                 ? "the function is not one of the program"
                                 : "the function is null");
  auto argumentViews = getViews(numArguments, arguments, "argument");
  if (!argumentViews)
    return argumentViews.takeError();
  auto resultViews = getViews(numResults, results, "result");
  if (!resultViews)
    return resultViews.takeError();
  return unwrap(program).call(unwrap(function), *argumentViews, *resultViews);
}

bool gluFunctionCall(GluProgram program, GluFunction function,
                     intptr_t numArguments, const GluArray *arguments,
                     intptr_t numResults, const GluArray *results,
                     char **error) {
  return take(
      call(program, function, numArguments, arguments, numResults, results),
      error);
}
