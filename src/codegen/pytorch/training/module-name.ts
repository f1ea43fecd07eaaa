import { keywords, words } from '../../python/names.js';

/** Why `train.py` cannot import a file beside it; undefined where it can. */
export function moduleNameProblem(file: string): string | undefined {
  const name = file.replace(/\.py$/, '');
  if (name === file) return 'the name of a module ends with ".py"';
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return 'Python imports no such name';
  if (name === 'train' || name === 'data')
    return 'that name is of a file that is written beside it';
  if (keywords.has(name)) return 'it is a keyword of Python';
  return taken.has(name) ? 'Python or PyTorch has a module of that name' : undefined;
}

/** Modules of Python 3.10 to 3.14 and those that PyTorch, numpy, Pillow and safetensors load. */
const taken = words(
  'abc aifc annotationlib antigravity argparse array ast asynchat asyncio asyncore atexit ' +
    'audioop base64 bdb binascii binhex bisect builtins bz2 cProfile calendar cgi cgitb chunk ' +
    'cmath cmd code codecs codeop collections colorsys compileall compression concurrent ' +
    'configparser contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses ' +
    'datetime dbm decimal difflib dis distutils doctest email encodings ensurepip enum errno ' +
    'faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc genericpath ' +
    'getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http idlelib imaplib ' +
    'imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale ' +
    'logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt ' +
    'multiprocessing netrc nis nntplib nt ntpath nturl2path numbers opcode operator optparse os ' +
    'ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posix ' +
    'posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue ' +
    'quopri random re readline reprlib resource rlcompleter runpy sched secrets select selectors ' +
    'shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd sqlite3 ' +
    'sre_compile sre_constants sre_parse ssl stat statistics string stringprep struct subprocess ' +
    'sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios textwrap ' +
    'this threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty ' +
    'turtle turtledemo types typing unicodedata unittest urllib uu uuid venv warnings wave ' +
    'weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib ' +
    'zoneinfo PIL filelock fsspec jinja2 markupsafe mpmath networkx numpy safetensors setuptools ' +
    'sympy torch torchgen triton typing_extensions ',
);
