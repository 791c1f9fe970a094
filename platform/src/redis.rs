//! Connections to Redis: settings, deadlines, and what a lost server looks like.
